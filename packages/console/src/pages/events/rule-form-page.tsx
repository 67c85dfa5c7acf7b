import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { OptionalLabel } from '#components/optional-label.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { scheduleInWords } from '#components/schedule-in-words.ts'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { events } from '#texts/events.ts'
import { PatternTest } from './pattern-test.tsx'
import { busQuery, DEFAULT_BUS, rulePath, useRule } from './read-rules.ts'
import {
  draftOf,
  type Former,
  faultsOf,
  jsonFault,
  NEW_RULE,
  type RuleDraft,
  saveRule,
  TEMPLATES,
  type Template,
  textOf,
  toRule,
  toTarget,
} from './rule-draft.ts'
import { TargetsForm } from './targets-form.tsx'

const { form: texts } = events

export function CreateRulePage() {
  return <RuleForm title={texts.createTitle} bus={useBus()} begin={NEW_RULE} former={undefined} />
}

export function EditRulePage({ params: { name = '' } }: { params: { name?: string } }) {
  const bus = useBus()
  const read = useRule(bus, name)
  const title = texts.editTitle(name)
  if (!read.data)
    return (
      <PageFrame title={title} above={[{ text: events.title, to: `/events${busQuery(bus)}` }]}>
        <Loaded read={read}>{() => null}</Loaded>
      </PageFrame>
    )
  const { rule, targets } = read.data
  const former = { State: rule.State, RoleArn: rule.RoleArn, targetIds: targets.flatMap(({ Id }) => Id ?? []) }
  return <RuleForm title={title} bus={bus} begin={draftOf({ ...rule, Name: name }, targets)} former={former} />
}

function useBus(): string {
  return useSearchParams()[0].get('bus') ?? DEFAULT_BUS
}

interface RuleFormProps {
  readonly title: string
  readonly bus: string
  readonly begin: RuleDraft
  /** Undefined: the rule is new. */
  readonly former: Former | undefined
}

function RuleForm({ title, bus, begin, former }: RuleFormProps) {
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState(begin)
  const [tried, setTried] = useState(false)
  const faults = faultsOf(draft)
  const save = useAct(['rules', 'deliveries'], () => saveRule(draft, bus, former))
  const set = (change: Partial<RuleDraft>) => setDraft({ ...draft, ...change })
  const page = rulePath(bus, draft.name)
  async function submit() {
    setTried(true)
    if (faults.name || faults.pattern || faults.targets.size > 0) return
    await save.mutateAsync()
    const { done } = events
    notify({ type: 'success', header: former ? done.saved(draft.name) : done.created(draft.name) })
    navigate(page)
  }
  return (
    <PageFrame title={title} above={[{ text: events.title, to: `/events${busQuery(bus)}` }]} contentType="form">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit().catch(() => {})
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {!faults.pattern && <CliCommand command={putRule(draft, bus)} />}
              <Button
                variant="link"
                formAction="none"
                onClick={() => navigate(former ? page : `/events${busQuery(bus)}`)}
              >
                {common.cancel}
              </Button>
              <Button variant="primary" loading={save.isPending}>
                {former ? texts.save : texts.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="m">
                <FormField
                  label={texts.name}
                  constraintText={texts.nameHint}
                  errorText={tried && faults.name && texts.nameBad}
                >
                  <Input
                    value={draft.name}
                    onChange={({ detail }) => set({ name: detail.value })}
                    disabled={former !== undefined}
                    autoFocus={!former}
                    spellcheck={false}
                  />
                </FormField>
                <FormField label={<OptionalLabel>{texts.description}</OptionalLabel>}>
                  <Input value={draft.description} onChange={({ detail }) => set({ description: detail.value })} />
                </FormField>
              </SpaceBetween>
            </Container>
            <What
              draft={draft}
              set={set}
              canSchedule={bus === DEFAULT_BUS}
              fault={tried ? faults.pattern : undefined}
            />
            <TargetsForm
              targets={draft.targets}
              onChange={(targets) => set({ targets })}
              faulty={tried ? faults.targets : new Set()}
            />
            {save.error && <Failed error={save.error} />}
          </SpaceBetween>
        </Form>
      </form>
    </PageFrame>
  )
}

interface WhatProps {
  readonly draft: RuleDraft
  readonly set: (change: Partial<RuleDraft>) => void
  readonly canSchedule: boolean
  readonly fault: string | undefined
}

function What({ draft, set, canSchedule, fault }: WhatProps) {
  return (
    <Container header={<Header variant="h2">{texts.what}</Header>}>
      <SpaceBetween size="l">
        {canSchedule && (
          <Tiles
            value={draft.kind}
            ariaLabel={texts.what}
            onChange={({ detail }) => set({ kind: detail.value === 'time' ? 'time' : 'event' })}
            items={[
              { value: 'event', label: texts.event, description: texts.eventHint },
              { value: 'time', label: texts.time, description: texts.timeHint },
            ]}
          />
        )}
        {draft.kind === 'time' ? (
          <Schedule draft={draft} set={set} />
        ) : (
          <Pattern draft={draft} set={set} fault={fault} />
        )}
      </SpaceBetween>
    </Container>
  )
}

function Schedule({ draft, set }: Pick<WhatProps, 'draft' | 'set'>) {
  const words = scheduleInWords(draft.schedule.trim())
  return (
    <FormField
      label={texts.schedule}
      description={texts.scheduleHint}
      constraintText={words === draft.schedule.trim() ? '' : texts.scheduleMeans(words)}
    >
      <Input value={draft.schedule} onChange={({ detail }) => set({ schedule: detail.value })} spellcheck={false} />
    </FormField>
  )
}

function Pattern({ draft, set, fault }: Pick<WhatProps, 'draft' | 'set' | 'fault'>) {
  const now = jsonFault(draft.pattern)
  return (
    <SpaceBetween size="m">
      <FormField label={texts.template}>
        <Select
          selectedOption={null}
          placeholder={texts.choose}
          options={(Object.keys(TEMPLATES) as Template[]).map((value) => ({ value, label: texts.templates[value] }))}
          onChange={({ detail }) => set({ pattern: textOf(TEMPLATES[detail.selectedOption.value as Template]) })}
        />
      </FormField>
      <FormField
        label={texts.pattern}
        description={events.rule.patternHint}
        errorText={(fault ?? now) && texts.badJson(fault ?? now ?? '')}
        stretch
      >
        <Editor
          value={draft.pattern}
          onChange={(pattern) => set({ pattern })}
          language="json"
          label={texts.pattern}
          lines={10}
        />
      </FormField>
      <PatternTest pattern={draft.pattern} />
    </SpaceBetween>
  )
}

function putRule(draft: RuleDraft, bus: string): string {
  const { EventPattern, ScheduleExpression, Description } = toRule(draft, bus)
  const name = draft.name || 'NAME'
  const onBus = bus === DEFAULT_BUS ? [] : ['--event-bus-name', bus]
  const targets = JSON.stringify(draft.targets.map(toTarget))
  const rule = shellWords(
    ...['aws', 'events', 'put-rule', '--name', name, ...onBus],
    ...(EventPattern ? ['--event-pattern', EventPattern] : ['--schedule-expression', ScheduleExpression]),
    ...(Description ? ['--description', Description] : []),
  )
  if (draft.targets.length === 0) return rule
  return `${rule}\n${shellWords('aws', 'events', 'put-targets', '--rule', name, ...onBus, '--targets', targets)}`
}
