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
import { expressionOf, type ScheduleForm, type ScheduleKind, UNITS } from './association-form.ts'

const { form: texts } = associations
const SHOWN = 5

interface Props {
  readonly form: ScheduleForm
  readonly faults: Readonly<Record<string, string>>
  /** Of something that is made again and again, in a time zone, and not at once: not of an association. */
  readonly zone?: string | undefined
  readonly onChange: (change: Partial<ScheduleForm>) => void
}

/** When it runs, with the next times. */
export function ScheduleFields({ form, faults, zone, onChange }: Props) {
  const once = { value: 'none', label: texts.kinds.none, description: texts.kinds.noneHint }
  return (
    <SpaceBetween size="l">
      <Tiles
        value={form.schedule}
        ariaLabel={texts.schedule}
        onChange={({ detail }) => onChange({ schedule: detail.value as ScheduleKind })}
        columns={zone === undefined ? 3 : 2}
        items={[
          { value: 'rate', label: texts.kinds.rate, description: texts.kinds.rateHint },
          {
            value: 'cron',
            label: texts.kinds.cron,
            description: zone === undefined ? texts.kinds.cronHint : texts.kinds.cronZoned,
          },
          ...(zone === undefined ? [once] : []),
        ]}
      />
      {form.schedule === 'rate' && <RateField form={form} faults={faults} onChange={onChange} />}
      {form.schedule === 'cron' && <CronField form={form} zone={zone} onChange={onChange} />}
      {form.schedule !== 'none' && <NextRuns form={form} zone={zone} />}
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
          onChange={({ detail }) => onChange({ unit: detail.selectedOption.value as ScheduleForm['unit'] })}
        />
      </div>
    </FormField>
  )
}

const EXAMPLES = { hourly: '0 * * * ? *', daily: '0 2 * * ? *', weekly: '0 2 ? * SUN *' } as const

function CronField({ form, zone, onChange }: Omit<Props, 'faults'>) {
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
      {zone === undefined && (
        <Checkbox
          checked={form.onlyAtInterval}
          description={texts.onlyAtIntervalHint}
          onChange={({ detail }) => onChange({ onlyAtInterval: detail.checked })}
        >
          {texts.onlyAtInterval}
        </Checkbox>
      )}
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

function NextRuns({ form, zone }: Pick<Props, 'form' | 'zone'>) {
  const now = new Date()
  const found = runsOf(form, zone, now)
  const isAtOnce = zone === undefined && (form.schedule === 'rate' || !form.onlyAtInterval)
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
function runsOf(form: ScheduleForm, zone: string | undefined, now: Date): readonly Date[] | string {
  const offsetDays = form.onlyAtInterval && form.offset ? Number(form.offset) : undefined
  try {
    return nextRuns(expressionOf(form), { anchor: now, offsetDays, zone }, now, SHOWN)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
