import { colorBorderDividerDefault } from '@cloudscape-design/design-tokens'

export interface ChartColumn {
  readonly key: string | number
  /** What it says in words, when the pointer is on it. */
  readonly title: string
  /** From the bottom. */
  readonly parts: readonly { readonly count: number; readonly color: string }[]
}

const HEIGHT = 72
const WIDTH = 10
const GAP = 3

export interface ColumnChartProps {
  readonly columns: readonly ChartColumn[]
  /** What the chart says, in one sentence. */
  readonly label: string
  /** What stands under the first and the last column. */
  readonly from: string
  readonly until: string
}

/** How many there were of something, a column for each moment; its colours say of what kind. */
export function ColumnChart({ columns, label, from, until }: ColumnChartProps) {
  const most = Math.max(1, ...columns.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0)))
  return (
    <div>
      <svg
        className="st-hours"
        viewBox={`0 0 ${columns.length * (WIDTH + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {columns.map((column, index) => (
          <Column key={column.key} column={column} x={index * (WIDTH + GAP)} scale={(HEIGHT - 2) / most} />
        ))}
      </svg>
      <div className="st-hours-axis st-number" aria-hidden="true">
        <span>{from}</span>
        <span>{until}</span>
      </div>
    </div>
  )
}

function Column({ column: { title, parts }, x, scale }: { column: ChartColumn; x: number; scale: number }) {
  let y = HEIGHT
  return (
    <g>
      <title>{title}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
      <rect x={x} y={HEIGHT - 1} width={WIDTH} height={1} style={{ fill: colorBorderDividerDefault }} />
      {parts.map(({ count, color }) => {
        const height = count * scale
        y -= height
        return count > 0 && <rect key={color} x={x} y={y} width={WIDTH} height={height} style={{ fill: color }} />
      })}
    </g>
  )
}
