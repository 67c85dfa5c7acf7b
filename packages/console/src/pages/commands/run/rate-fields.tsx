import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { commands } from '#texts/commands.ts'
import type { RunForm, Share } from './run-form.ts'

const words = commands.form

interface Props {
  readonly form: RunForm
  /** How many nodes match; undefined while that is not known. */
  readonly matched: number | undefined
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (change: Partial<RunForm>) => void
}

/** How many nodes at a time and after how many failures to stop, with what that means in words. */
export function RateFields({ form, matched, faults, onChange }: Props) {
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
      <ShareField
        label={words.concurrency}
        description={words.concurrencyHint}
        share={form.concurrency}
        unit={words.units.count}
        error={faults.concurrency}
        meaning={concurrencyMeaning(form.concurrency, matched)}
        onChange={(concurrency) => onChange({ concurrency })}
      />
      <ShareField
        label={words.errorLimit}
        description={words.errorLimitHint}
        share={form.errors}
        unit={words.units.errors}
        error={faults.errors}
        meaning={errorMeaning(form.errors, matched)}
        onChange={(errors) => onChange({ errors })}
      />
    </Grid>
  )
}

interface ShareProps {
  readonly label: string
  readonly description: string
  readonly share: Share
  readonly unit: string
  readonly error: string | undefined
  readonly meaning: string
  readonly onChange: (share: Share) => void
}

function ShareField({ label, description, share, unit, error, meaning, onChange }: ShareProps) {
  const units = [
    { value: 'count', label: unit },
    { value: 'percent', label: words.units.percent },
  ]
  return (
    <FormField
      label={label}
      description={description}
      errorText={error}
      constraintText={error ? undefined : meaning}
      stretch
    >
      <div className="st-rate">
        <Input
          value={share.value}
          ariaLabel={label}
          inputMode="numeric"
          onChange={({ detail }) => onChange({ ...share, value: detail.value })}
        />
        <Select
          selectedOption={units.find(({ value }) => value === share.unit) ?? null}
          options={units}
          ariaLabel={words.unit(label)}
          expandToViewport
          onChange={({ detail }) => onChange({ ...share, unit: detail.selectedOption.value as Share['unit'] })}
        />
      </div>
    </FormField>
  )
}

function concurrencyMeaning({ value, unit }: Share, matched: number | undefined): string {
  const number = Number(value)
  if (unit === 'count') return words.concurrencyWords(number, matched || undefined)
  if (!matched) return words.percentWords(number)
  // As the server rounds: at least one.
  return words.concurrencyWords(Math.max(1, Math.floor((number * matched) / 100)), matched)
}

function errorMeaning({ value, unit }: Share, matched: number | undefined): string {
  const number = Number(value)
  if (unit === 'count') return words.errorWords(number)
  return matched && number < 100
    ? words.errorWords(Math.floor((number * matched) / 100))
    : words.errorPercentWords(number)
}
