const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })

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
