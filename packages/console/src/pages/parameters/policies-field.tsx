import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import DateInput from '@cloudscape-design/components/date-input'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TimeInput from '@cloudscape-design/components/time-input'
import { useState } from 'react'
import { Editor } from '#components/editor/editor.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import {
  draftsOf,
  newDraft,
  POLICY_TYPES,
  type PolicyDraft,
  type PolicyType,
  textOfDrafts,
  type Unit,
} from './policies.ts'

const { policies: words } = texts

export interface PoliciesFieldProps {
  /** JSON, or nothing. */
  readonly text: string
  readonly onChange: (text: string) => void
}

/** What is to happen as time passes: as a form, or as the JSON that it comes to. */
export function PoliciesField({ text, onChange }: PoliciesFieldProps) {
  const [mode, setMode] = useState<'form' | 'json'>('form')
  const drafts = draftsOf(text)
  return (
    <FormField
      label={
        <>
          {words.title} <i>{texts.form.optional}</i>
        </>
      }
      description={words.hint}
      stretch
    >
      <SpaceBetween size="m">
        <SegmentedControl
          selectedId={mode}
          label={words.mode}
          options={[
            { id: 'form', text: words.form },
            { id: 'json', text: words.json },
          ]}
          onChange={({ detail }) => setMode(detail.selectedId as 'form' | 'json')}
        />
        {mode === 'json' ? (
          <Editor value={text} onChange={onChange} language="json" label={words.json} />
        ) : drafts ? (
          <PolicyList drafts={drafts} onChange={(next) => onChange(textOfDrafts(next))} />
        ) : (
          <Alert type="warning">{words.onlyJson}</Alert>
        )}
      </SpaceBetween>
    </FormField>
  )
}

function PolicyList({ drafts, onChange }: { drafts: readonly PolicyDraft[]; onChange: (next: PolicyDraft[]) => void }) {
  return (
    <SpaceBetween size="m">
      {drafts.map((draft, index) => (
        <PolicyRow
          // biome-ignore lint/suspicious/noArrayIndexKey: policies have no names; their place is what they are.
          key={index}
          draft={draft}
          onChange={(next) => onChange(drafts.map((one, at) => (at === index ? next : one)))}
          onRemove={() => onChange(drafts.filter((_, at) => at !== index))}
        />
      ))}
      <ButtonDropdown
        items={POLICY_TYPES.map((id) => ({
          id,
          text: id,
          secondaryText: words.about[id],
          disabled: id === 'Expiration' && drafts.some(({ type }) => type === 'Expiration'),
        }))}
        onItemClick={({ detail }) => onChange([...drafts, newDraft(detail.id as PolicyType)])}
      >
        {words.add}
      </ButtonDropdown>
    </SpaceBetween>
  )
}

interface PolicyRowProps {
  readonly draft: PolicyDraft
  readonly onChange: (draft: PolicyDraft) => void
  readonly onRemove: () => void
}

function PolicyRow({ draft, onChange, onRemove }: PolicyRowProps) {
  return (
    <FormField label={draft.type} description={words.about[draft.type]} stretch>
      <SpaceBetween direction="horizontal" size="xs">
        {draft.type === 'Expiration' ? (
          <Instant at={draft.at} onChange={(at) => onChange({ ...draft, at })} />
        ) : (
          <Duration draft={draft} onChange={onChange} />
        )}
        <Button formAction="none" ariaLabel={words.removeOne(draft.type)} onClick={onRemove}>
          {words.remove}
        </Button>
      </SpaceBetween>
    </FormField>
  )
}

function Duration({ draft, onChange }: Omit<PolicyRowProps, 'onRemove'>) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Input
        type="number"
        inputMode="numeric"
        value={draft.amount}
        ariaLabel={words.amount}
        onChange={({ detail }) => onChange({ ...draft, amount: detail.value })}
      />
      <Select
        selectedOption={{ value: draft.unit, label: words.units[draft.unit] }}
        options={(['Days', 'Hours'] as const).map((value) => ({ value, label: words.units[value] }))}
        ariaLabel={words.unit}
        onChange={({ detail }) => onChange({ ...draft, unit: detail.selectedOption.value as Unit })}
      />
    </SpaceBetween>
  )
}

/** Day and time in the zone of the person; kept as an instant. */
function Instant({ at, onChange }: { at: string; onChange: (at: string) => void }) {
  const [day, setDay] = useState(() => localDay(new Date(at)))
  const [time, setTime] = useState(() => localTime(new Date(at)))
  function set(nextDay: string, nextTime: string) {
    setDay(nextDay)
    setTime(nextTime)
    const next = new Date(`${nextDay}T${nextTime}`)
    if (!Number.isNaN(next.getTime())) onChange(next.toISOString())
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <DateInput
        value={day}
        format="iso"
        ariaLabel={words.day}
        placeholder="YYYY-MM-DD"
        onChange={({ detail }) => set(detail.value, time)}
      />
      <TimeInput
        value={time}
        format="hh:mm"
        ariaLabel={words.time}
        placeholder="hh:mm"
        onChange={({ detail }) => set(day, detail.value)}
      />
    </SpaceBetween>
  )
}

function localDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

function localTime(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
