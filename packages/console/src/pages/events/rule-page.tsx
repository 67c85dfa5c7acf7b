import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { events as client } from '#api/clients/events.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Properties } from '#components/properties.tsx'
import { scheduleInWords } from '#components/schedule-in-words.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { events } from '#texts/events.ts'
import { busQuery, DEFAULT_BUS, rulePath, useRule } from './read-rules.ts'
import { RuleMatches } from './rule-matches.tsx'
import { RuleState } from './rules-table.tsx'
import { kindOf, targetName } from './words.ts'

const { rule: texts, columns: names } = events

type Found = NonNullable<ReturnType<typeof useRule>['data']>

/** One rule: what it waits for, where it leads, and what it did last. */
export function RulePage({ params: { name = '' } }: { params: { name?: string } }) {
  const [search] = useSearchParams()
  const bus = search.get('bus') ?? DEFAULT_BUS
  const read = useRule(bus, name)
  return (
    <PageFrame
      title={name}
      above={[{ text: events.title, to: `/events${busQuery(bus)}` }]}
      actions={read.data && <Actions bus={bus} name={name} found={read.data} />}
    >
      <Loaded read={read}>
        {(found) => (
          <SpaceBetween size="l">
            <Overview found={found} bus={bus} />
            <Targets targets={found.targets} name={name} bus={bus} />
            <RuleMatches bus={bus} name={name} />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function Actions({ bus, name, found }: { bus: string; name: string; found: Found }) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const isOff = found.rule.State === 'DISABLED'
  const where = { Name: name, EventBusName: bus }
  const turn = useAct(['rules'], () =>
    client().send(isOff ? new EnableRuleCommand(where) : new DisableRuleCommand(where)),
  )
  const remove = useAct(['rules'], async () => {
    const Ids = found.targets.flatMap(({ Id }) => Id ?? [])
    if (Ids.length > 0) await client().send(new RemoveTargetsCommand({ Rule: name, EventBusName: bus, Ids }))
    await client().send(new DeleteRuleCommand(where))
  })
  const words = (verb: string) =>
    shellWords('aws', 'events', verb, '--name', name, ...(bus === DEFAULT_BUS ? [] : ['--event-bus-name', bus]))
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {turn.error && <Failed error={turn.error} />}
      <CliCommand command={[words('describe-rule'), words(isOff ? 'enable-rule' : 'disable-rule')].join('\n')} />
      <Button
        loading={turn.isPending}
        onClick={() =>
          turn.mutate(undefined, {
            onSuccess: () => notify({ type: 'success', header: isOff ? events.done.on(name) : events.done.off(name) }),
          })
        }
      >
        {isOff ? events.actions.on : events.actions.off}
      </Button>
      <Button onClick={() => setDeleting(true)}>{events.actions.remove}</Button>
      <ButtonLink to={rulePath(bus, name, 'edit')} variant="primary">
        {events.actions.edit}
      </ButtonLink>
      {deleting && (
        <Confirm
          title={events.confirm.remove(name)}
          act={events.actions.remove}
          command={words('delete-rule')}
          onConfirm={async () => {
            await remove.mutateAsync(undefined)
            notify({ type: 'success', header: events.done.removed(name) })
            navigate(`/events${busQuery(bus)}`)
          }}
          onClose={() => setDeleting(false)}
        >
          {events.confirm.removeBody(found.targets.length)}
        </Confirm>
      )}
    </SpaceBetween>
  )
}

function Overview({ found: { rule }, bus }: { found: Found; bus: string }) {
  const { EventPattern, ScheduleExpression, Description, Arn = '', State } = rule
  return (
    <Container header={<Header variant="h2">{texts.overview}</Header>}>
      <SpaceBetween size="l">
        <Properties
          columns={3}
          items={[
            { label: texts.state, value: <RuleState state={State} /> },
            { label: texts.description, value: Description || events.nothing },
            { label: texts.bus, value: bus },
            ...(ScheduleExpression
              ? [{ label: texts.schedule, value: `${ScheduleExpression}: ${scheduleInWords(ScheduleExpression)}` }]
              : []),
          ]}
        />
        <Properties items={[{ label: texts.arn, value: <Copyable text={Arn} /> }]} />
        {EventPattern && (
          <div>
            <Header variant="h3" description={texts.patternHint}>
              {texts.pattern}
            </Header>
            <Editor value={pretty(EventPattern)} language="json" label={texts.pattern} />
          </div>
        )}
      </SpaceBetween>
    </Container>
  )
}

function Targets({ targets, name, bus }: { targets: readonly Target[]; name: string; bus: string }) {
  return (
    <ResourceTable
      name="rule-targets"
      prefix="t"
      variant="container"
      title={texts.targets}
      columns={TARGETS}
      idOf={({ Id = '' }) => Id}
      items={targets}
      searchable={false}
      command={shellWords(
        ...['aws', 'events', 'list-targets-by-rule', '--rule', name],
        ...(bus === DEFAULT_BUS ? [] : ['--event-bus-name', bus]),
      )}
      empty={<Empty title={events.empty.targets}>{events.empty.targetsBody}</Empty>}
    />
  )
}

const TARGETS: readonly Column<Target>[] = [
  {
    id: 'to',
    header: names.to,
    cell: ({ Arn = '' }) => <span title={Arn}>{targetName(Arn)}</span>,
    text: ({ Arn = '' }) => Arn,
    rowHeader: true,
    width: 240,
  },
  { id: 'kind', header: names.kind, cell: kindText, text: kindText, width: 160 },
  { id: 'input', header: names.input, cell: inputText, text: inputText, width: 220 },
  { id: 'id', header: names.id, cell: ({ Id = '' }) => Id, text: ({ Id = '' }) => Id, width: 140 },
  {
    id: 'role',
    header: names.role,
    cell: ({ RoleArn = '' }) => <span title={RoleArn}>{RoleArn.split('/').at(-1) || events.nothing}</span>,
    text: ({ RoleArn = '' }) => RoleArn,
    width: 160,
  },
]

function kindText({ Arn = '' }: Target): string {
  return events.kinds[kindOf(Arn)]
}

function inputText({ Input, InputPath, InputTransformer }: Target): string {
  if (Input !== undefined) return texts.inputs.fixed
  if (InputPath !== undefined) return texts.inputs.part(InputPath)
  return InputTransformer ? texts.inputs.made : texts.inputs.all
}

/** JSON as people read it; other text as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
