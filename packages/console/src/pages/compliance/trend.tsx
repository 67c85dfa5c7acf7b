import { colorChartsStatusHigh, colorChartsStatusPositive } from '@cloudscape-design/design-tokens'
import { instant } from '#api/wire.ts'
import { ColumnChart } from '#components/column-chart.tsx'
import { compliance } from '#texts/compliance.ts'
import type { Overview } from './read-compliance.ts'

const { types: texts } = compliance

const dayText = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const momentText = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

interface TrendProps {
  readonly type: string
  readonly trend: Overview['Trend']
  readonly days: number
}

/** How many nodes were compliant with a type over time, and how many were not. */
export function Trend({ type, trend, days }: TrendProps) {
  const moments = trend.map(({ Date: date, Types }) => {
    const counts = Types.find(({ ComplianceType }) => ComplianceType === type)
    return { date, good: counts?.Compliant ?? 0, bad: counts?.NonCompliant ?? 0 }
  })
  const [first, last] = [moments[0], moments.at(-1)]
  if (!first || !last) return null
  return (
    <ColumnChart
      columns={moments.map(({ date, good, bad }) => ({
        key: date,
        title: texts.moment(momentText.format(instant(date)), good, bad),
        parts: [
          { count: bad, color: colorChartsStatusHigh },
          { count: good, color: colorChartsStatusPositive },
        ],
      }))}
      label={texts.trend(type, days, first.bad, last.bad)}
      from={dayText.format(instant(first.date))}
      until={dayText.format(instant(last.date))}
    />
  )
}
