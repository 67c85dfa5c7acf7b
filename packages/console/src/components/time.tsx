import { createStore, useStore } from '#api/store.ts'
import { common } from '#texts/common.ts'
import { sinceText } from './time-text.ts'

export { durationText, sinceText } from './time-text.ts'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

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
  const shown = only ?? 'both'
  return (
    <time
      dateTime={at.toISOString()}
      title={{ relative: `${when}\n${utc}`, absolute: `${ago}\n${utc}`, both: utc }[shown]}
      className="st-number"
    >
      {{ relative: ago, absolute: when, both: `${when} (${ago})` }[shown]}
    </time>
  )
}
