import { ConsoleLink } from '#components/console-link.tsx'

export interface Part {
  readonly label: string
  readonly count: number
  /** A design token. */
  readonly color: string
  readonly to?: string
}

/** Parts of a whole as one bar, with a legend that says the numbers and leads on. */
export function StackedBar({ parts }: { parts: readonly Part[] }) {
  const shown = parts.filter(({ count }) => count > 0)
  return (
    <div>
      <div className="st-stack" aria-hidden="true">
        {shown.map(({ label, count, color }) => (
          <span key={label} style={{ flexGrow: count, background: color }} />
        ))}
      </div>
      <Legend parts={shown} />
    </div>
  )
}

/** What the colours mean, and how many there are of each. */
export function Legend({ parts }: { parts: readonly Part[] }) {
  return (
    <ul className="st-legend">
      {parts.map(({ label, count, color, to }) => (
        <li key={label}>
          <span className="st-dot" style={{ background: color }} aria-hidden="true" />
          {to ? <ConsoleLink to={to}>{label}</ConsoleLink> : label}{' '}
          <span className="st-number">{count.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  )
}
