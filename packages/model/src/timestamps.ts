import type { TimestampFormat } from './service-table.ts'

/** A date in one of the three formats of AWS's text protocols, with milliseconds only when there are any. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'unixTimestamp') return String(date.getTime() / 1000)
  if (format === 'rfc822') return date.toUTCString()
  return date.toISOString().replace('.000Z', 'Z')
}

/** Reads any of the formats: epoch seconds, ISO 8601 or an HTTP date. Undefined when it is none of them. */
export function parseTimestamp(text: string): Date | undefined {
  const seconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  const date = new Date(seconds === undefined ? text : Math.round(seconds * 1000))
  return Number.isNaN(date.getTime()) ? undefined : date
}
