import {
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import type { Part } from '#components/stacked-bar.tsx'
import { associations } from '#texts/associations.ts'

const { states } = associations

export type StateCounts = Readonly<Record<keyof typeof states, number>>

const OTHERS: Readonly<Record<string, keyof StateCounts>> = {
  Success: 'success',
  Skipped: 'skipped',
  Pending: 'pending',
  InProgress: 'pending',
  Associated: 'pending',
}

/** How many nodes came to what, from counts by AWS's words. */
export function stateCounts(counts: Readonly<Record<string, number>>): StateCounts {
  const sums = { success: 0, failed: 0, pending: 0, skipped: 0 }
  for (const [status, count] of Object.entries(counts)) sums[OTHERS[status] ?? 'failed'] += count
  return sums
}

/** `{Success=2, Failed=1}` as the API writes the counts of a run. */
export function parseCounts(text: string | undefined): StateCounts {
  const pairs = [...(text ?? '').matchAll(/(\w+)=(\d+)/g)].map(([, status, count]) => [status!, Number(count)] as const)
  return stateCounts(Object.fromEntries(pairs))
}

export function totalOf(counts: StateCounts): number {
  return counts.success + counts.failed + counts.pending + counts.skipped
}

/** From the bottom of a column, or the left of a bar. */
export function partsOf(counts: StateCounts): readonly Part[] {
  return [
    { label: states.success, count: counts.success, color: colorChartsStatusPositive },
    { label: states.failed, count: counts.failed, color: colorChartsStatusHigh },
    { label: states.pending, count: counts.pending, color: colorChartsStatusInfo },
    { label: states.skipped, count: counts.skipped, color: colorChartsStatusNeutral },
  ]
}

/** A thin bar of the counts, with what is as it should be in words. */
export function CountsBar({ counts }: { counts: StateCounts }) {
  const total = totalOf(counts)
  if (total === 0) return <>{associations.noNodes}</>
  return (
    <span
      className="st-share"
      title={partsOf(counts)
        .flatMap(({ label, count }) => (count > 0 ? [`${label}: ${count}`] : []))
        .join('\n')}
    >
      <span className="st-bar st-bar-parts" aria-hidden="true">
        {partsOf(counts).map(({ label, count, color }) => (
          <span key={label} style={{ flexGrow: count, background: color }} />
        ))}
      </span>
      <span className="st-number">{associations.counted(counts.success, total)}</span>
    </span>
  )
}
