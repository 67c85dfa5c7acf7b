/** What people write after options, and what it means. Every function throws UsageFault with a sentence. */
import { UsageFault } from './fault.ts'

/** `Key=v1,v2` as AWS's shorthand for targets also writes it: `Key=tag:role,Values=web,db`. */
export function parseTarget(text: string): { Key: string; Values: string[] } {
  const long = /^Key=([^,]+),Values=(.+)$/.exec(text)
  const equals = text.indexOf('=')
  const [key, values] = long ? [long[1]!, long[2]!] : [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1)]
  if (!key || !values) throw new UsageFault(`A target is KEY=VALUE[,VALUE…], such as tag:role=web, not '${text}'.`)
  return { Key: key, Values: parseList(values) }
}

/** `a,b` without empty parts. */
export function parseList(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) throw new UsageFault(`A list is VALUE[,VALUE…], not '${text}'.`)
  return parts
}

/** Several `name=value`; a name that comes again adds a value. */
export function parseParameters(texts: readonly string[]): Record<string, string[]> {
  const parameters: Record<string, string[]> = Object.create(null)
  for (const text of texts) {
    const [name, value] = parsePair(text, 'A parameter')
    parameters[name] = [...(parameters[name] ?? []), value]
  }
  return { ...parameters }
}

export function parseTag(text: string): { Key: string; Value: string } {
  const [Key, Value] = parsePair(text, 'A tag')
  return { Key, Value }
}

function parsePair(text: string, what: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageFault(`${what} is NAME=VALUE, not '${text}'.`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

export function parseWholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new UsageFault(`${name} is a whole number from ${least} to ${most}, not '${text}'.`)
}

/** The base address of a server that other machines call. */
export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new UsageFault(`--url is https://HOST:PORT, not '${text}'.`)
  }
  return url
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A point in time: so long ago (`30m`, `12h`, `7d`), or a date of ISO 8601. */
export function parseSince(text: string): Date {
  const ago = /^(\d{1,6})([smhd])$/.exec(text)
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  const time = ago ? Date.now() - Number(ago[1]) * UNITS[ago[2]!]! : date
  if (Number.isNaN(time)) throw new UsageFault(`'${text}' is no time: write 30m, 12h, 7d, or 2026-11-21T10:00:00Z.`)
  return new Date(time)
}

/** A number above zero, such as `1.5`. */
export function parsePositive(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value
  throw new UsageFault(`It is a number above 0, not '${text}'.`)
}
