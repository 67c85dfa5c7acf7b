/**
 * A type in the form in which it is searched. Nodes share most of their entries, so there are far fewer distinct ones than there are
 * entries: whether an entry is meant, and which group it belongs to, is found once for each distinct one, and what is left for each of
 * millions of entries is one look into an array.
 */
import type { Entry } from './entry-codec.ts'

export interface SearchedType {
  /** The entries of each node that reported the type. An entry is a number below `size`. */
  readonly nodes: ReadonlyMap<string, Int32Array>
  readonly size: number
  /** Must have been asked for when the type was loaded. */
  column(attribute: string): Column
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

const EMPTY: Column = new GrowingColumn()

/** A type of which the entries of all nodes are at hand. */
export function typeInMemory(contents: ReadonlyMap<string, readonly Entry[]>): SearchedType {
  const nodes = new Map<string, Int32Array>()
  const columns = new Map<string, GrowingColumn>()
  let size = 0
  for (const [nodeId, entries] of contents) {
    nodes.set(
      nodeId,
      Int32Array.from(entries, (_, index) => size + index),
    )
    for (const entry of entries) {
      for (const [attribute, value] of Object.entries(entry)) columnOf(columns, attribute).set(size, value)
      size++
    }
  }
  return { nodes, size, column: (attribute) => columns.get(attribute) ?? EMPTY }
}

function columnOf(columns: Map<string, GrowingColumn>, attribute: string): GrowingColumn {
  const known = columns.get(attribute)
  if (known) return known
  const made = new GrowingColumn()
  columns.set(attribute, made)
  return made
}
