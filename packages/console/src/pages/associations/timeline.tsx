import type { AssociationExecution } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import { Legend } from '#components/stacked-bar.tsx'
import { associations } from '#texts/associations.ts'
import { parseCounts, partsOf, type StateCounts, totalOf } from './counts.tsx'

const { page: texts } = associations

const SHOWN = 40

interface TimelineProps {
  /** The newest first. */
  readonly runs: readonly AssociationExecution[]
  /** When it is due. */
  readonly next: readonly Date[]
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
}

/** A column for each run, whose colours say what it came to; then one in outline for each time that it is due. */
export function Timeline({ runs, next, chosen, onChoose }: TimelineProps) {
  const past = runs.slice(0, SHOWN).reverse()
  const counts = past.map(({ ResourceCountByStatus }) => parseCounts(ResourceCountByStatus))
  const most = Math.max(1, ...counts.map(totalOf))
  return (
    <div>
      <ol className="st-timeline" aria-label={texts.timeline}>
        {past.map((run, index) => (
          <li key={run.ExecutionId}>
            <Column
              counts={counts[index]!}
              most={most}
              text={texts.timelineText(whenText(run.CreatedTime), inWords(counts[index]!) || run.Status || '')}
              isChosen={run.ExecutionId === chosen}
              onChoose={() => onChoose(run.ExecutionId!)}
            />
          </li>
        ))}
        {next.map((at) => (
          <li key={at.toISOString()} title={texts.due(whenText(at))} className="st-timeline-due">
            <span>{texts.due(whenText(at))}</span>
          </li>
        ))}
      </ol>
      <Legend parts={partsOf(sums(counts)).filter(({ count }) => count > 0)} />
      {next.length === 0 && <Box color="text-body-secondary">{texts.nextNone}</Box>}
    </div>
  )
}

interface ColumnProps {
  readonly counts: StateCounts
  readonly most: number
  readonly text: string
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Column({ counts, most, text, isChosen, onChoose }: ColumnProps) {
  return (
    <button
      type="button"
      className="st-timeline-run"
      title={text}
      aria-label={text}
      aria-pressed={isChosen}
      onClick={onChoose}
    >
      {partsOf(counts).map(
        ({ label, count, color }) =>
          count > 0 && <span key={label} style={{ blockSize: `${(100 * count) / most}%`, background: color }} />,
      )}
    </button>
  )
}

function sums(all: readonly StateCounts[]): StateCounts {
  const sum = (name: keyof StateCounts) => all.reduce((total, counts) => total + counts[name], 0)
  return { success: sum('success'), failed: sum('failed'), pending: sum('pending'), skipped: sum('skipped') }
}

function inWords(counts: StateCounts): string {
  return partsOf(counts)
    .flatMap(({ label, count }) => (count > 0 ? [`${label} ${count.toLocaleString('en')}`] : []))
    .join(', ')
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function whenText(at: Date | undefined): string {
  return at ? format.format(at) : '–'
}
