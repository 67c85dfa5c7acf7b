/** Times as the values of filters state them. Pure. */

/** ISO 8601: a day, or a time of a day. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[-+]\d\d:?\d\d)?)?$/
/** From 1973 until the year 5138, so that no year and no day is taken for one. */
const EPOCH_SECONDS = /^\d{9,11}(?:\.\d{1,9})?$/

/**
 * The time that ISO 8601 states, in the form that is stored; undefined for anything else. A time without a zone is one of UTC, wherever
 * the server is.
 */
export function isoTime(text: string): string | undefined {
  const [, day, zone] = ISO.exec(text) ?? []
  // Date takes the 30th of February for the 2nd of March.
  if (day === undefined || !isDay(day)) return undefined
  const date = new Date(text.includes('T') && !zone ? `${text}Z` : text)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** The same, of what may be stated in seconds since 1970 too. */
export function isoOrEpochTime(text: string): string | undefined {
  return EPOCH_SECONDS.test(text) ? new Date(Number(text) * 1000).toISOString() : isoTime(text)
}

function isDay(text: string): boolean {
  const midnight = new Date(text)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text)
}
