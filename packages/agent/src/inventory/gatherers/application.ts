import type { Entry } from '#inventory/item.ts'

/** What package managers tell of a package. Empty is what they do not know. */
export type Application = {
  Name: string
  Publisher?: string
  Version: string
  ApplicationType?: string
  Architecture?: string
  URL?: string
  Summary?: string
  PackageId?: string
  Release?: string
  Epoch?: string
  InstalledTime?: string
}

/** Separators of fields and records, which no package manager's texts contain. */
export const fieldEnd = '\x1f'
export const recordEnd = '\x1e'

/** Splits what was printed with the separators. */
export function records(text: string): string[][] {
  return text
    .split(recordEnd)
    .slice(0, -1)
    .map((record) => record.split(fieldEnd))
}

/** A package as an entry of AWS:Application: first lines, at most 100 bytes each, as Amazon's agent reports them. */
export function applicationEntry(application: Application): Entry {
  const { Name, Publisher = '', Version, Architecture = '', ...others } = application
  const always = { Name, Publisher, Version, Architecture: architecture(Architecture) }
  const known = Object.entries(others).filter(([, value]) => value !== '')
  const entries = [...Object.entries(always), ...known].map(([name, value]) => [name, shortLine(value)])
  return Object.fromEntries(entries)
}

/** Seconds since 1970 as the API writes times; empty for what is no number. */
export function installedTime(seconds: string): string {
  return /^\d{1,10}$/.test(seconds) ? `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` : ''
}

function architecture(name: string): string {
  const known: { [name: string]: string } = { amd64: 'x86_64', '386': 'i386' }
  const plain = name.trim().toLowerCase()
  return known[plain] ?? plain
}

const mostBytes = 100

function shortLine(text: string): string {
  const line = text.split('\n', 1)[0]!.replaceAll('\r', '')
  if (line.length * 3 <= mostBytes) return line
  let bytes = 0
  let end = 0
  for (const character of line) {
    // Amazon's agent counts after it has escaped what JSON wants escaped.
    bytes += Buffer.byteLength(character) + (/["\\\t]/.test(character) ? 1 : 0)
    if (bytes > mostBytes) break
    end += character.length
  }
  return line.slice(0, end)
}
