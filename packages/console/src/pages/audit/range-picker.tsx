import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker'
import { audit } from '#texts/audit.ts'
import type { Range } from './audit-query.ts'
import { secondsOf } from './audit-query.ts'

const { range: texts } = audit

const LETTERS = { minute: 'm', hour: 'h', day: 'd' } as const
type Unit = keyof typeof LETTERS

const QUICK: readonly [number, Unit][] = [
  [15, 'minute'],
  [1, 'hour'],
  [12, 'hour'],
  [1, 'day'],
  [7, 'day'],
  [30, 'day'],
]

/** When: so long back from now, or between two instants. In the zone of the person. */
export function RangePicker({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  return (
    <DateRangePicker
      value={toValue(range)}
      onChange={({ detail }) => onChange(fromValue(detail.value))}
      relativeOptions={QUICK.map(([amount, unit]) => ({ key: `${amount}${unit}`, type: 'relative', amount, unit }))}
      customRelativeRangeUnits={['minute', 'hour', 'day']}
      isValidRange={(value) => validity(value)}
      placeholder={texts.any}
      ariaLabel={texts.label}
      i18nStrings={{
        formatRelativeRange: ({ amount, unit }) => texts.last(amount, unit),
        formatUnit: (unit, amount) => (amount === 1 ? unit : `${unit}s`),
        relativeModeTitle: texts.relative,
        absoluteModeTitle: texts.absolute,
        customRelativeRangeOptionLabel: texts.custom,
        customRelativeRangeOptionDescription: texts.customHint,
        customRelativeRangeUnitLabel: texts.unit,
        customRelativeRangeDurationLabel: texts.duration,
        clearButtonLabel: texts.clear,
        cancelButtonLabel: texts.cancel,
        applyButtonLabel: texts.apply,
        startDateLabel: texts.start,
        startTimeLabel: texts.startTime,
        endDateLabel: texts.end,
        endTimeLabel: texts.endTime,
        previousMonthAriaLabel: texts.previousMonth,
        nextMonthAriaLabel: texts.nextMonth,
      }}
      expandToViewport
    />
  )
}

function toValue({ last, from, to }: Range): DateRangePickerProps.Value | null {
  const [, amount, letter] = /^(\d+)([mhd])$/.exec(last ?? '') ?? []
  const unit = (Object.keys(LETTERS) as Unit[]).find((one) => LETTERS[one] === letter)
  if (amount && unit && secondsOf(last!))
    return { type: 'relative', key: `${amount}${unit}`, amount: Number(amount), unit }
  return from && to ? { type: 'absolute', startDate: from, endDate: to } : null
}

function fromValue(value: DateRangePickerProps.Value | null): Range {
  if (!value) return {}
  if (value.type === 'absolute') return { from: value.startDate, to: value.endDate }
  return { last: `${value.amount}${LETTERS[value.unit as Unit]}` }
}

function validity(value: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  if (value?.type !== 'absolute') return { valid: true }
  if (!value.startDate || !value.endDate) return { valid: false, errorMessage: texts.incomplete }
  const ordered = Date.parse(value.startDate) < Date.parse(value.endDate)
  return ordered ? { valid: true } : { valid: false, errorMessage: texts.backwards }
}
