/** `1:02`, `1:00:05`: how far into a recording. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  const parts = minutes < 60 ? [minutes] : [Math.floor(minutes / 60), pad(minutes % 60)]
  return [...parts, pad(seconds % 60)].join(':')
}

function pad(count: number): string {
  return String(count).padStart(2, '0')
}
