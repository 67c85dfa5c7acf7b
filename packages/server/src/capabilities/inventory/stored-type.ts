/**
 * What nodes reported of one type, kept in memory for searches. Nothing invalidates it: each search first compares the digests of what
 * is stored with those of what is in memory, a narrow index, and reads what differs. So it is right whoever wrote, another process too,
 * and what is lost with the process is only the time of the first search. A column is filled when a search first asks for its attribute.
 *
 * Refreshes of one type follow one another; what they read is put in place in one go at the end, so that a search never sees a part of it.
 */
import { setImmediate } from 'node:timers/promises'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Entry, unpackNumbers } from './entry-codec.ts'
import { entriesAfter, entriesBy } from './entry-store.ts'
import { isCompliance } from './inventory-type.ts'
import { digestsOfType, listsOfNodes } from './item-store.ts'
import { SearchedCompliance } from './searched-compliance.ts'
import { type Column, GrowingColumn, type KeptType, type SearchedType } from './searched-type.ts'

const NODES_AT_ONCE = 500
const ENTRIES_AT_ONCE = 2000
/** More than so many unknown entries are found by reading all. */
const FEW = 1500
/** What nobody searched for so long is dropped from memory. */
const KEPT_MS = 15 * 60_000

/** By database: what is in memory belongs to the handle through which it was read. */
const ofDatabase = new WeakMap<Reader, Map<string, KeptType>>()

/** The type as it is stored now, with the columns of these attributes. */
export async function loadType(
  reader: Reader,
  scope: Scope,
  typeName: string,
  attributes: readonly string[],
  now: Date,
): Promise<SearchedType> {
  const types = ofDatabase.get(reader) ?? new Map<string, KeptType>()
  ofDatabase.set(reader, types)
  for (const [key, type] of types) if (type.isOutgrown || now.getTime() - type.usedAt > KEPT_MS) types.delete(key)
  const key = `${scope.account}/${scope.region}/${typeName}`
  const type = types.get(key) ?? new (isCompliance(typeName) ? SearchedCompliance : StoredType)(scope, typeName)
  types.set(key, type)
  type.usedAt = now.getTime()
  await type.refresh(reader, attributes)
  return type
}

class StoredType implements KeptType {
  usedAt = 0
  readonly isOutgrown = false
  readonly nodes = new Map<string, Int32Array>()
  readonly #scope: Scope
  readonly #typeName: string
  readonly #digests = new Map<string, string>()
  /** By id of an entry. */
  readonly #numbers = new Map<number, number>()
  /** Ids of entries that have a number, but no values in the columns yet. */
  readonly #unfilled = new Set<number>()
  readonly #columns = new Map<string, GrowingColumn>()
  #refreshed: Promise<unknown> = Promise.resolve()

  constructor(scope: Scope, typeName: string) {
    this.#scope = scope
    this.#typeName = typeName
  }

  get size(): number {
    return this.#numbers.size
  }

  column(attribute: string): Column {
    return this.#columns.get(attribute)!
  }

  refresh(reader: Reader, attributes: readonly string[]): Promise<void> {
    const refreshed = this.#refreshed.then(async () => {
      await this.#readNodes(reader)
      await this.#readColumns(reader, attributes)
    })
    this.#refreshed = refreshed.catch(() => {})
    return refreshed
  }

  async #readNodes(reader: Reader): Promise<void> {
    const { account, region } = this.#scope
    const stored = await digestsOfType(reader, account, region, this.#typeName)
    const changed = stored.filter(({ node_id, digest }) => this.#digests.get(node_id) !== digest)
    if (changed.length === 0 && stored.length === this.#digests.size) return
    const read = new Map<string, Int32Array>()
    for (let first = 0; first < changed.length; first += NODES_AT_ONCE) {
      const ids = changed.slice(first, first + NODES_AT_ONCE).map(({ node_id }) => node_id)
      for (const { node_id, entries } of await listsOfNodes(reader, ids, this.#typeName))
        read.set(node_id, this.#numbersOf(unpackNumbers(entries)))
      if (first > 0) await setImmediate()
    }
    await this.#fillColumns(reader)
    this.#putInPlace(new Map(stored.map(({ node_id, digest }) => [node_id, digest])), read)
  }

  /** Goes through millions of entries when a type is read for the first time. */
  #numbersOf(ids: readonly number[]): Int32Array {
    const numbers = new Int32Array(ids.length)
    for (let index = 0; index < ids.length; index++) numbers[index] = this.#numberOf(ids[index]!)
    return numbers
  }

  #numberOf(id: number): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    this.#unfilled.add(id)
    this.#numbers.set(id, this.#numbers.size)
    return this.#numbers.size - 1
  }

  /** Gives entries that are new their place in the columns that there are. */
  async #fillColumns(reader: Reader): Promise<void> {
    if (this.#columns.size > 0) {
      for (const [id, entry] of await this.#entries(reader, this.#unfilled))
        for (const [attribute, column] of this.#columns) column.set(this.#numbers.get(id)!, entry[attribute])
    }
    this.#unfilled.clear()
  }

  #putInPlace(digests: ReadonlyMap<string, string>, read: ReadonlyMap<string, Int32Array>): void {
    for (const nodeId of this.nodes.keys()) {
      if (digests.has(nodeId)) continue
      this.nodes.delete(nodeId)
      this.#digests.delete(nodeId)
    }
    for (const [nodeId, entries] of read) {
      this.nodes.set(nodeId, entries)
      this.#digests.set(nodeId, digests.get(nodeId)!)
    }
  }

  async #entries(reader: Reader, ids: ReadonlySet<number>): Promise<Map<number, Entry>> {
    if (ids.size <= FEW) return entriesBy(reader, ids)
    const found = new Map<number, Entry>()
    for await (const [id, entry] of this.#allEntries(reader)) if (ids.has(id)) found.set(id, entry)
    return found
  }

  async #readColumns(reader: Reader, attributes: readonly string[]): Promise<void> {
    const missing = attributes.filter((attribute) => !this.#columns.has(attribute))
    if (missing.length === 0) return
    const columns = missing.map((attribute) => [attribute, new GrowingColumn()] as const)
    for await (const [id, entry] of this.#allEntries(reader)) {
      const number = this.#numbers.get(id)
      if (number !== undefined) for (const [attribute, column] of columns) column.set(number, entry[attribute])
    }
    for (const [attribute, column] of columns) this.#columns.set(attribute, column)
  }

  async *#allEntries(reader: Reader): AsyncGenerator<[number, Entry]> {
    const { account, region } = this.#scope
    for (let after = 0; ; ) {
      const rows = await entriesAfter(reader, account, region, this.#typeName, after, ENTRIES_AT_ONCE)
      for (const { id, content } of rows) yield [id, JSON.parse(content) as Entry]
      if (rows.length < ENTRIES_AT_ONCE) return
      after = rows.at(-1)!.id
    }
  }
}
