import { createStore, useStore } from '#api/store.ts'
import { common } from '#texts/common.ts'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })

const now = createStore(Date.now())
setInterval(() => now.set(Date.now()), 10_000)

/** An instant: how long ago and when, in the zone of the person; in UTC on hover. */
export function Time({ at, only }: { at: Date | undefined; only?: 'relative' | 'absolute' }) {
  // What happened since the last tick is not in the future.
  const from = Math.max(useStore(now), Date.now())
  if (!at) return <>–</>
  const utc = common.time.utc(at.toISOString().replace('T', ' ').slice(0, 19))
  const when = absolute.format(at)
  const ago = sinceText(at, from)
  return (
    <time dateTime={at.toISOString()} title={only === 'relative' ? `${when}\n${utc}` : utc} className="st-number">
      {only === 'relative' ? ago : only === 'absolute' ? when : `${when} (${ago})`}
    </time>
  )
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** Such as `3 minutes ago`, `in 2 days`, `now`. */
export function sinceText(at: Date, from: number = Date.now()): string {
  const seconds = Math.round((at.getTime() - from) / 1000)
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  if (unit === 'second' && seconds > -10 && seconds <= 0) return 'just now'
  return relative.format(Math.trunc(seconds / length), unit)
}

/** Such as `2 min 5 s`, `340 ms`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
