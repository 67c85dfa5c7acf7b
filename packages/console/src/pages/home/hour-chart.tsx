import {
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import { instant } from '#api/wire.ts'
import { type ChartColumn, ColumnChart } from '#components/column-chart.tsx'
import { Legend } from '#components/stacked-bar.tsx'
import { home } from '#texts/home.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { commands: texts } = home

type Hours = NonNullable<FleetSummary['Commands']>['Hours']

const hourText = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Commands by the hour in which they were sent, a column for each; its colours say how they ended. */
export function HourChart({ hours }: { hours: Hours }) {
  const sum = (name: 'Success' | 'Failed' | 'Open') => hours.reduce((total, hour) => total + hour[name], 0)
  const [success, failed, open] = [sum('Success'), sum('Failed'), sum('Open')]
  const parts = [
    { label: texts.success, count: success, color: colorChartsStatusPositive },
    { label: texts.failed, count: failed, color: colorChartsStatusHigh },
    { label: texts.open, count: open, color: colorChartsStatusInfo, to: '/commands?view=open' },
  ]
  return (
    <div>
      <ColumnChart
        columns={hours.map((hour) => columnOf(hour))}
        label={texts.chart(success + failed + open, success, failed)}
        from={hourText.format(instant(hours[0]?.Hour))}
        until={hourText.format(instant(hours.at(-1)?.Hour))}
      />
      <Legend parts={parts.filter(({ count }) => count > 0)} />
    </div>
  )
}

function columnOf({ Hour, Success, Failed, Open }: Hours[number]): ChartColumn {
  return {
    key: Hour,
    title: texts.hour(hourText.format(instant(Hour)), Success, Failed, Open),
    parts: [
      { count: Failed, color: colorChartsStatusHigh },
      { count: Open, color: colorChartsStatusInfo },
      { count: Success, color: colorChartsStatusPositive },
    ],
  }
}
