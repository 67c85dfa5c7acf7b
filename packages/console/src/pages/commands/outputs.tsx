import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CommandOutputGroup } from '@steward/model/generated/steward.ts'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { CommandStatus } from '#components/command-status.tsx'
import { Diff } from '#components/editor/editor.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { stewardCall } from '#components/steward-call.ts'
import { commands } from '#texts/commands.ts'
import { OutputSearch } from './output-search.tsx'
import { useMatrixCounts } from './use-matrix.ts'

type Group = Wire<CommandOutputGroup>

const words = commands.outputs
const PAGE = 25
const MOST = 100

/** What a step said, equal results once; each can be held against the most frequent one. */
export function Outputs({ id }: { id: string }) {
  const [search, setSearch] = useSearchParams()
  const [shown, setShown] = useState(PAGE)
  const steps = useMatrixCounts(id).data?.Steps ?? []
  const step = search.get('step') ?? undefined
  const input = { CommandId: id, PluginName: step, MaxResults: shown }
  const read = useRead('invocations', ['outputs', input], (signal) => steward('GroupCommandOutputs', input, signal))
  return (
    <SpaceBetween size="l">
      <OutputSearch id={id} />
      {steps.length > 1 && (
        <FormField label={words.step}>
          <Select
            selectedOption={{ value: step ?? steps[0]?.Name ?? '' }}
            options={steps.map(({ Name = '', Plugin }) => ({ value: Name, label: Name, description: Plugin }))}
            onChange={({ detail }) =>
              setSearch({ tab: 'outputs', step: detail.selectedOption.value ?? '' }, { replace: true })
            }
          />
        </FormField>
      )}
      <Loaded read={read}>
        {({ Groups = [], GroupCount = 0, InvocationCount = 0, WithoutResultCount = 0 }) => (
          <SpaceBetween size="m">
            {Groups.length === 0 ? (
              <Empty title={words.notYet} />
            ) : (
              <div className="st-spread">
                <Box color="text-body-secondary">
                  {words.summary(GroupCount, InvocationCount - WithoutResultCount, WithoutResultCount)}
                </Box>
                <CliCommand command={stewardCall('GroupCommandOutputs', input)} />
              </div>
            )}
            {Groups.map((group, index) => (
              <OneGroup
                key={group.ResultId ?? group.StatusDetails}
                id={id}
                group={group}
                common={index > 0 && Groups[0]?.ResultId ? Groups[0] : undefined}
              />
            ))}
            {Groups.length === shown && shown < MOST && (
              <Button onClick={() => setShown(Math.min(MOST, shown + PAGE))} loading={read.isFetching}>
                {words.more}
              </Button>
            )}
          </SpaceBetween>
        )}
      </Loaded>
    </SpaceBetween>
  )
}

/** `common`: the most frequent result, if this is another. */
function OneGroup({ id, group, common }: { id: string; group: Group; common: Group | undefined }) {
  const [comparing, setComparing] = useState(false)
  const { Count = 0, StatusDetails, ResponseCode = -1, ResultId, SampleInstanceId, Truncated } = group
  const nodes = ResultId ? `?result=${ResultId}` : `?f=${encodeURIComponent(`status~=~${StatusDetails}`)}`
  return (
    <Container
      header={
        <Header
          variant="h3"
          info={<CommandStatus details={StatusDetails} />}
          description={ResponseCode >= 0 && ResultId ? words.exitCode(ResponseCode) : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {common && ResultId && (
                <Button onClick={() => setComparing(!comparing)} ariaExpanded={comparing}>
                  {comparing ? words.compared : words.compare}
                </Button>
              )}
              <ButtonLink to={`/commands/${id}${nodes}`}>{words.nodes}</ButtonLink>
              <ButtonLink to={`/commands/${id}/${SampleInstanceId}`}>{words.sample}</ButtonLink>
            </SpaceBetween>
          }
        >
          {words.group(Count)}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {comparing && common ? (
          <Diff before={textOf(common)} after={textOf(group)} language="text" label={words.diffLabel} />
        ) : (
          <GroupOutput group={group} />
        )}
        {Truncated && (
          <Box variant="small" color="text-body-secondary">
            {words.truncated}
          </Box>
        )}
      </SpaceBetween>
    </Container>
  )
}

function GroupOutput({ group }: { group: Group }) {
  const output = plainOutput(group.StandardOutputContent ?? '')
  const errors = plainOutput(group.StandardErrorContent ?? '')
  return (
    <SpaceBetween size="s">
      {(output || !errors) && (
        <pre className="st-mono st-pre st-output">{output || (group.ResultId ? words.noOutput : '–')}</pre>
      )}
      {errors && (
        <div>
          <Box variant="awsui-key-label">{words.errors}</Box>
          <pre className="st-mono st-pre st-output">{errors}</pre>
        </div>
      )}
    </SpaceBetween>
  )
}

function textOf({ StandardOutputContent = '', StandardErrorContent = '' }: Group): string {
  return plainOutput([StandardOutputContent, StandardErrorContent].filter(Boolean).join('\n')).trimEnd()
}
