import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CommandMatrixRow } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import type { Params } from '#app/area.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { durationText, Time } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { ABOVE } from './command-page.tsx'
import { useFollowedOutput } from './follow-output.ts'
import { StepOutput } from './step-output.tsx'
import { useCommand } from './use-command.ts'
import { useMatrix } from './use-matrix.ts'

const words = commands.node

/** One command on one node: each step with all that it says, while it says it. */
export function NodePage({ params }: { params: Params }) {
  const { id = '', node = '' } = params
  const command = useCommand(id)
  const read = useMatrix({ CommandId: id, Text: node, MaxResults: 5 })
  const row = read.data?.Rows?.find(({ InstanceId }) => InstanceId === node)
  const name = row?.InstanceName || node
  const document = command.data?.DocumentName ?? words.above
  return (
    <PageFrame
      title={name}
      above={[...ABOVE, { text: document, to: `/commands/${id}` }]}
      info={
        <Box display="inline-block" padding={{ left: 'xs' }}>
          <CommandStatus details={row?.StatusDetails} />
        </Box>
      }
      actions={<CliCommand command={shellWords('steward', 'logs', id, '--node', node)} />}
    >
      <Loaded read={read}>
        {({ Steps = [] }) =>
          row ? (
            <Invocation id={id} node={node} row={row} steps={Steps.map(({ Name = '' }) => Name)} />
          ) : (
            <Empty title={commands.matrix.empty} />
          )
        }
      </Loaded>
    </PageFrame>
  )
}

interface InvocationProps {
  readonly id: string
  readonly node: string
  readonly row: Wire<CommandMatrixRow>
  readonly steps: readonly string[]
}

function Invocation({ id, node, row, steps }: InvocationProps) {
  const followed = useFollowedOutput(id, node)
  const { StartedAt, EndedAt, TraceOutput, StatusDetails = '', LateStatus } = row
  return (
    <SpaceBetween size="l">
      {LateStatus && (
        <Alert type="info" header={words.late(statusWords(LateStatus).toLowerCase())}>
          {words.lateHint(statusWords(StatusDetails).toLowerCase())}
        </Alert>
      )}
      <Container>
        <Properties
          columns={3}
          items={[
            { label: commands.matrix.node, value: <ConsoleLink to={`/nodes/${node}`}>{node}</ConsoleLink> },
            { label: commands.matrix.started, value: <Time at={instant(StartedAt)} /> },
            {
              label: words.took,
              value: StartedAt && EndedAt ? durationText((EndedAt - StartedAt) * 1000) : '–',
            },
            ...(TraceOutput ? [{ label: words.agentSays, value: plainOutput(TraceOutput) }] : []),
          ]}
        />
      </Container>
      {followed.error && <Failed error={followed.error} />}
      {steps.map((step) => (
        <StepOutput
          key={step}
          id={id}
          node={node}
          step={step}
          isOnly={steps.length === 1}
          row={row}
          followed={followed}
        />
      ))}
    </SpaceBetween>
  )
}
