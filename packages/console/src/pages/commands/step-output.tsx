import { GetCommandInvocationCommand, type GetCommandInvocationRequest } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { CommandMatrixRow } from '@steward/model/generated/steward.ts'
import { useEffect, useRef } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import type { Wire } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { CommandStatus } from '#components/command-status.tsx'
import { Failed } from '#components/failed.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { saveFile } from '#components/save-file.ts'
import { shellWords } from '#components/shell-words.ts'
import { durationText } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { type Followed, SHOWN_LIMIT, streamKey, wholeOutput } from './follow-output.ts'

const words = commands.node

export interface StepOutputProps {
  readonly id: string
  readonly node: string
  readonly step: string
  /** The command has no other step. */
  readonly isOnly: boolean
  readonly row: Wire<CommandMatrixRow>
  readonly followed: Followed
}

/** A step on a node: its state, and what it says. */
export function StepOutput({ id, node, step, isOnly, row, followed }: StepOutputProps) {
  const cell = row.Steps?.find(({ Name }) => Name === step)
  const details = cell?.StatusDetails ?? row.StatusDetails
  const isLive = !followed.complete && (details === 'InProgress' || details === 'Cancelling')
  const streamed = (['stdout', 'stderr'] as const).map((stream) => followed.texts[streamKey(step, stream)] ?? '')
  const reply = { CommandId: id, InstanceId: node, ...(!isOnly && { PluginName: step }) }
  const reported = useReportedOutput(reply, followed.complete && streamed.join('') === '' && !followed.error)
  const [output, errors] = streamed.join('') === '' ? reported.texts : streamed
  const code = cell?.ResponseCode ?? -1
  const took = cell?.StartedAt && cell.EndedAt ? durationText((cell.EndedAt - cell.StartedAt) * 1000) : undefined
  return (
    <Container
      header={
        <Header
          variant="h2"
          info={
            isLive ? (
              <StatusIndicator type="loading">{words.running}</StatusIndicator>
            ) : (
              <CommandStatus details={details} />
            )
          }
          description={[code >= 0 && commands.outputs.exitCode(code), took].filter(Boolean).join(' · ')}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={invocationCommand(reply)} />
              {output && (
                <Save id={id} node={node} step={step} shown={reported.texts[0] === output ? output : undefined} />
              )}
            </SpaceBetween>
          }
        >
          {step}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {reported.error && <Failed error={reported.error} />}
        <Stream
          title={words.output}
          text={output ?? ''}
          empty={isLive ? words.nothing : words.noOutput}
          isLive={isLive}
          isCut={followed.cut.has(streamKey(step, 'stdout'))}
        />
        {errors && (
          <Stream
            title={words.errors}
            text={errors}
            empty=""
            isLive={isLive}
            isCut={followed.cut.has(streamKey(step, 'stderr'))}
          />
        )}
      </SpaceBetween>
    </Container>
  )
}

function invocationCommand({ CommandId, InstanceId, PluginName }: GetCommandInvocationRequest): string {
  return shellWords(
    ...['aws', 'ssm', 'get-command-invocation', '--command-id', CommandId, '--instance-id', InstanceId],
    ...(PluginName ? ['--plugin-name', PluginName] : []),
  )
}

/** What the agent reported at the end: all there is from agents that send no output before. */
function useReportedOutput(input: GetCommandInvocationRequest, enabled: boolean) {
  const read = useRead(
    'invocations',
    ['reported', input],
    (abortSignal) => ssm().send(new GetCommandInvocationCommand(input), { abortSignal }),
    { enabled, keepLast: false },
  )
  return { texts: [read.data?.StandardOutputContent ?? '', read.data?.StandardErrorContent ?? ''], error: read.error }
}

interface StreamProps {
  readonly title: string
  readonly text: string
  readonly empty: string
  readonly isLive: boolean
  readonly isCut: boolean
}

function Stream({ title, text, empty, isLive, isCut }: StreamProps) {
  const place = useRef<HTMLElement>(null)
  const wasAtEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new text the end is elsewhere.
  useEffect(() => {
    const box = place.current
    if (box && isLive && wasAtEnd.current) box.scrollTop = box.scrollHeight
  }, [text, isLive])
  return (
    <div>
      <Box variant="awsui-key-label">{title}</Box>
      {text === '' ? (
        <Box color="text-body-secondary">{empty}</Box>
      ) : (
        <section
          ref={place}
          className="st-output st-output-tall"
          aria-label={title}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long output is scrolled with the keyboard.
          tabIndex={0}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            wasAtEnd.current = scrollTop + clientHeight > scrollHeight - 30
          }}
        >
          <pre className="st-mono st-pre">{plainOutput(text)}</pre>
        </section>
      )}
      {isCut && (
        <Box variant="small" color="text-body-secondary">
          {words.shown(`${(SHOWN_LIMIT / 1_000_000).toLocaleString('en')} MB`)}
        </Box>
      )}
    </div>
  )
}

/** Saves the output; `shown` is all of it where the agent sent no more than its report. */
function Save({ id, node, step, shown }: { id: string; node: string; step: string; shown: string | undefined }) {
  async function save() {
    const content = shown === undefined ? await wholeOutput(id, node, step, 'stdout') : [shown]
    saveFile(`${node}-${step.replace(/\W+/g, '-')}.txt`, new Blob(content))
  }
  return (
    <Button iconName="download" onClick={() => void save()}>
      {words.save}
    </Button>
  )
}
