import {
  colorBorderDividerDefault,
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import { instant } from '#api/wire.ts'
import { Legend } from '#components/stacked-bar.tsx'
import { home } from '#texts/home.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { commands: texts } = home

type Hours = NonNullable<FleetSummary['Commands']>['Hours']

const HEIGHT = 72
const WIDTH = 10
const GAP = 3

const hourText = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Commands by the hour in which they were sent, a column for each; its colours say how they ended. */
export function HourChart({ hours }: { hours: Hours }) {
  const most = Math.max(1, ...hours.map(({ Success, Failed, Open }) => Success + Failed + Open))
  const sum = (name: 'Success' | 'Failed' | 'Open') => hours.reduce((total, hour) => total + hour[name], 0)
  const [success, failed, open] = [sum('Success'), sum('Failed'), sum('Open')]
  const parts = [
    { label: texts.success, count: success, color: colorChartsStatusPositive },
    { label: texts.failed, count: failed, color: colorChartsStatusHigh },
    { label: texts.open, count: open, color: colorChartsStatusInfo, to: '/commands?view=open' },
  ]
  return (
    <div>
      <svg
        className="st-hours"
        viewBox={`0 0 ${hours.length * (WIDTH + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.chart(success + failed + open, success, failed)}
      >
        {hours.map((hour, index) => (
          <HourColumn key={hour.Hour} hour={hour} x={index * (WIDTH + GAP)} scale={(HEIGHT - 2) / most} />
        ))}
      </svg>
      <div className="st-hours-axis st-number" aria-hidden="true">
        <span>{hourText.format(instant(hours[0]?.Hour))}</span>
        <span>{hourText.format(instant(hours.at(-1)?.Hour))}</span>
      </div>
      <Legend parts={parts.filter(({ count }) => count > 0)} />
    </div>
  )
}

function HourColumn({ hour, x, scale }: { hour: Hours[number]; x: number; scale: number }) {
  const { Success, Failed, Open } = hour
  const parts = [
    [Failed, colorChartsStatusHigh],
    [Open, colorChartsStatusInfo],
    [Success, colorChartsStatusPositive],
  ] as const
  let y = HEIGHT
  return (
    <g>
      <title>{texts.hour(hourText.format(instant(hour.Hour)), Success, Failed, Open)}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
      <rect x={x} y={HEIGHT - 1} width={WIDTH} height={1} style={{ fill: colorBorderDividerDefault }} />
      {parts.map(([count, color]) => {
        const height = count * scale
        y -= height
        return count > 0 && <rect key={color} x={x} y={y} width={WIDTH} height={height} style={{ fill: color }} />
      })}
    </g>
  )
}
