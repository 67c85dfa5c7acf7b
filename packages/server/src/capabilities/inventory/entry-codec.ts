/**
 * How entries rest. What nodes have in common is stored once: an entry without the attributes that differ from node to node is interned
 * and has a number. Of a node's report there remain the numbers, in the order in which it told the entries, as differences in as few
 * bytes as they take (most nodes were installed alike, so differences are small), and the attributes of its own.
 */
import { hash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export type Entry = Readonly<Record<string, string>>

/** An entry as it is interned. */
export interface SharedEntry {
  /** JSON with its attributes in order of their names: the same entry is the same text. */
  readonly content: string
  /** A hash of that and of the type. */
  readonly hash: string
}

const HASH_CHARACTERS = 22

/** The part that nodes share, and the values of the attributes in `own`, those that the entry has. */
export function splitEntry(
  place: string,
  entry: Entry,
  own: ReadonlySet<string>,
): { shared: SharedEntry; own: Record<string, string> | 0 } {
  const shared: Record<string, string> = {}
  let rest: Record<string, string> | 0 = 0
  for (const name of Object.keys(entry).sort()) {
    if (!own.has(name)) shared[name] = entry[name]!
    else if (rest === 0) rest = { [name]: entry[name]! }
    else rest[name] = entry[name]!
  }
  const content = JSON.stringify(shared)
  return {
    shared: { content, hash: hash('sha256', place + content, 'base64url').slice(0, HASH_CHARACTERS) },
    own: rest,
  }
}

/** For each entry the attributes of its own; 0 for one that has none. */
export type OwnAttributes = readonly (Readonly<Record<string, string>> | 0)[]

/** Null if no entry has any. */
export function packOwn(own: OwnAttributes): Uint8Array | null {
  return own.every((one) => one === 0) ? null : zstdCompressSync(JSON.stringify(own))
}

export function unpackOwn(packed: Uint8Array | null): OwnAttributes {
  return packed === null ? [] : (JSON.parse(zstdDecompressSync(packed).toString()) as OwnAttributes)
}

/** Whole numbers from 0 up to 2^52, in any order. */
export function packNumbers(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = []
  let previous = 0
  for (const number of numbers) {
    const difference = number - previous
    // The lowest bit is the sign. Arithmetic instead of shifts, which have 32 bits.
    let rest = difference < 0 ? -2 * difference - 1 : 2 * difference
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
    previous = number
  }
  return Uint8Array.from(bytes)
}

export function unpackNumbers(packed: Uint8Array): number[] {
  const numbers: number[] = []
  let previous = 0
  for (let index = 0; index < packed.length; ) {
    let byte = packed[index++]!
    let value = byte & 127
    for (let factor = 128; byte >= 128; factor *= 128) {
      byte = packed[index++]!
      value += (byte & 127) * factor
    }
    previous += value % 2 === 1 ? -(value + 1) / 2 : value / 2
    numbers.push(previous)
  }
  return numbers
}
