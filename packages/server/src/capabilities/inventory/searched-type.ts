/**
 * A type in the form in which it is searched. Nodes share most of their entries, so there are far fewer distinct ones than there are
 * entries: whether an entry is meant, and which group it belongs to, is found once for each distinct one, and what is left for each of
 * millions of entries is one look into an array.
 */
import type { Reader } from '#db/database.ts'
import type { Entry } from './entry-codec.ts'

export interface SearchedType {
  /** The entries of each node that reported the type. An entry is a number below `size`. */
  readonly nodes: ReadonlyMap<string, Int32Array>
  readonly size: number
  /** Must have been asked for when the type was loaded. */
  column(attribute: string): Column
}

/** One that stays in memory between searches. */
export interface KeptType extends SearchedType {
  /** In milliseconds since 1970. */
  usedAt: number
  /** True if it is better read anew. */
  readonly isOutgrown: boolean
  /** Makes it what is stored now, with the columns of these attributes. */
  refresh(reader: Reader, attributes: readonly string[]): Promise<void>
}

/** The values of one attribute. */
export interface Column {
  /** For each entry the place of its value in `values`; -1: it has none. */
  readonly codes: Int32Array
  readonly values: readonly string[]
}

/** A column that is being filled. */
export class GrowingColumn implements Column {
  codes = new Int32Array(0)
  readonly values: string[] = []
  readonly #codeOf = new Map<string, number>()

  set(entry: number, value: string | undefined): void {
    if (entry >= this.codes.length) this.#grow(entry + 1)
    this.codes[entry] = value === undefined ? -1 : this.#code(value)
  }

  #code(value: string): number {
    const known = this.#codeOf.get(value)
    if (known !== undefined) return known
    this.#codeOf.set(value, this.values.length)
    return this.values.push(value) - 1
  }

  #grow(least: number): void {
    const larger = new Int32Array(Math.max(64, least, 2 * this.codes.length)).fill(-1)
    larger.set(this.codes)
    this.codes = larger
  }
}

/** A type of which the entries of all nodes are at hand. Columns are made when they are asked for. */
export function typeInMemory(contents: ReadonlyMap<string, readonly Entry[]>): SearchedType {
  const all: Entry[] = []
  const nodes = new Map<string, Int32Array>()
  for (const [nodeId, entries] of contents)
    nodes.set(
      nodeId,
      Int32Array.from(entries, (entry) => all.push(entry) - 1),
    )
  const columns = new Map<string, GrowingColumn>()
  const column = (attribute: string) => {
    const known = columns.get(attribute)
    if (known) return known
    const made = new GrowingColumn()
    for (const [number, entry] of all.entries()) made.set(number, entry[attribute])
    columns.set(attribute, made)
    return made
  }
  return { nodes, size: all.length, column }
}
