import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { useGroups } from '#pages/groups/read-groups.ts'
import { compliance } from '#texts/compliance.ts'
import { DAYS, type Narrowing } from './narrowing.ts'

const { narrow: texts } = compliance

interface NarrowBarProps {
  readonly narrowing: Narrowing
  readonly onChange: (change: Partial<Narrowing>) => void
}

/** Which nodes are looked at, by what they are compared, how far back. */
export function NarrowBar({ narrowing, onChange }: NarrowBarProps) {
  const { group, by, days, only } = narrowing
  const groups = useGroups()
  const tags = useRead('nodes', ['tag-keys'], (signal) =>
    steward('SearchNodes', { GroupBy: 'tag-key', MaxResults: 0 }, signal),
  )
  const tagKeys = (tags.data?.Groups ?? []).flatMap(({ Value }) => (Value ? [`tag:${Value}`] : []))
  const names = (groups.data ?? []).map(({ GroupName = '' }) => GroupName)
  return (
    <div className="st-actions st-actions-fields">
      {!narrowing.sync && (
        <Choice
          label={texts.group}
          value={group}
          options={[['', texts.everyNode], ...names.map((name) => [name, name] as const)]}
          onChange={(value) => onChange({ group: value })}
        />
      )}
      <Choice
        label={texts.by}
        value={by}
        options={[
          ['', texts.byNothing],
          ...Object.entries(compliance.keys),
          ...tagKeys.map((key) => [key, keyText(key)] as const),
        ]}
        onChange={(value) => onChange({ by: value })}
      />
      <Choice
        label={texts.since}
        value={String(days)}
        options={DAYS.map((number) => [String(number), texts.days(number)])}
        onChange={(value) => onChange({ days: Number(value) })}
      />
      {only && (
        <span>
          {only.value === undefined ? texts.onlyWithout(keyText(only.key)) : texts.only(keyText(only.key), only.value)}{' '}
          <Button variant="inline-link" onClick={() => onChange({ only: undefined })}>
            {texts.all}
          </Button>
        </span>
      )}
    </div>
  )
}

export function keyText(key: string): string {
  return key.startsWith('tag:') ? texts.tag(key.slice('tag:'.length)) : (compliance.keys[key] ?? key)
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly onChange: (value: string) => void
}

/** One of some values. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const all = options.map(([one, text]) => ({ value: one, label: text }))
  return (
    <FormField label={label}>
      <Select
        selectedOption={all.find((option) => option.value === value) ?? { value, label: value }}
        options={all}
        filteringType={all.length > 10 ? 'auto' : 'none'}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}
