import Box from '@cloudscape-design/components/box'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'
import { nextRuns } from '../next-runs.ts'
import { type AssociationForm, expressionOf, type ScheduleKind, UNITS } from './association-form.ts'

const { form: texts } = associations
const SHOWN = 5

interface Props {
  readonly form: AssociationForm
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (change: Partial<AssociationForm>) => void
}

/** When it runs, with the next times. */
export function ScheduleFields({ form, faults, onChange }: Props) {
  return (
    <SpaceBetween size="l">
      <Tiles
        value={form.schedule}
        ariaLabel={texts.schedule}
        onChange={({ detail }) => onChange({ schedule: detail.value as ScheduleKind })}
        columns={3}
        items={[
          { value: 'rate', label: texts.kinds.rate, description: texts.kinds.rateHint },
          { value: 'cron', label: texts.kinds.cron, description: texts.kinds.cronHint },
          { value: 'none', label: texts.kinds.none, description: texts.kinds.noneHint },
        ]}
      />
      {form.schedule === 'rate' && <RateField form={form} faults={faults} onChange={onChange} />}
      {form.schedule === 'cron' && <CronField form={form} onChange={onChange} />}
      {form.schedule !== 'none' && <NextRuns form={form} />}
    </SpaceBetween>
  )
}

function RateField({ form, faults, onChange }: Props) {
  const options = UNITS.map((value) => ({ value, label: texts.units[value] }))
  return (
    <FormField label={texts.every} errorText={faults.rate} constraintText={texts.faults.rate}>
      <div className="st-rate">
        <Input
          value={form.every}
          ariaLabel={texts.every}
          inputMode="numeric"
          onChange={({ detail }) => onChange({ every: detail.value })}
        />
        <Select
          selectedOption={options.find(({ value }) => value === form.unit) ?? null}
          options={options}
          ariaLabel={texts.schedule}
          expandToViewport
          onChange={({ detail }) => onChange({ unit: detail.selectedOption.value as AssociationForm['unit'] })}
        />
      </div>
    </FormField>
  )
}

const EXAMPLES = { hourly: '0 * * * ? *', daily: '0 2 * * ? *', weekly: '0 2 ? * SUN *' } as const

function CronField({ form, onChange }: Omit<Props, 'faults'>) {
  const examples = Object.entries(EXAMPLES).map(([name, value]) => ({
    value,
    label: texts.exampleNames[name as keyof typeof EXAMPLES],
  }))
  return (
    <SpaceBetween size="m">
      <FormField label={texts.examples}>
        <Select
          selectedOption={examples.find(({ value }) => value === form.cron) ?? null}
          options={examples}
          placeholder="–"
          expandToViewport
          onChange={({ detail }) => onChange({ cron: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <FormField label={texts.cron} constraintText={texts.cronFields}>
        <Input
          value={form.cron}
          spellcheck={false}
          autoComplete={false}
          onChange={({ detail }) => onChange({ cron: detail.value })}
        />
      </FormField>
      <Checkbox
        checked={form.onlyAtInterval}
        description={texts.onlyAtIntervalHint}
        onChange={({ detail }) => onChange({ onlyAtInterval: detail.checked })}
      >
        {texts.onlyAtInterval}
      </Checkbox>
      {form.onlyAtInterval && (
        <FormField label={texts.offset} constraintText={texts.offsetHint}>
          <Input
            value={form.offset}
            inputMode="numeric"
            onChange={({ detail }) => onChange({ offset: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  )
}

function NextRuns({ form }: { form: AssociationForm }) {
  const now = new Date()
  const found = runsOf(form, now)
  const isAtOnce = form.schedule === 'rate' || !form.onlyAtInterval
  return (
    <FormField label={texts.preview} errorText={typeof found === 'string' ? found : undefined}>
      {typeof found !== 'string' && (
        <div aria-live="polite">
          {isAtOnce && <Box color="text-body-secondary">{texts.previewNow}</Box>}
          <ol className="st-plain-list">
            {found.map((at) => (
              <li key={at.toISOString()}>
                <Time at={at} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </FormField>
  )
}

/** Or what is wrong with the expression. */
function runsOf(form: AssociationForm, now: Date): readonly Date[] | string {
  const offsetDays = form.onlyAtInterval && form.offset ? Number(form.offset) : undefined
  try {
    return nextRuns(expressionOf(form), { anchor: now, offsetDays }, now, SHOWN)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
