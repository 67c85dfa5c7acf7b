/**
 * Compliance in the form in which types are searched. It is kept in memory as `stored-type.ts` keeps what is stored, for the same reason: a
 * search compares the revisions of all nodes, and reads the items of those only that have another one than before.
 */
import { setImmediate } from 'node:timers/promises'
import { complianceRevisions } from '#capabilities/compliance/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { complianceContents } from './compliance-type.ts'
import type { Entry } from './entry-codec.ts'
import { digestsOfType } from './item-store.ts'
import { type Column, GrowingColumn, type KeptType } from './searched-type.ts'

const NODES_AT_ONCE = 500
/** Entries that no node has any more, which do not matter yet. */
const UNUSED_AT_MOST = 10_000

export class SearchedCompliance implements KeptType {
  usedAt = 0
  readonly nodes = new Map<string, Int32Array>()
  readonly #scope: Scope
  readonly #typeName: string
  readonly #revisions = new Map<string, string>()
  /** By the entry as JSON. */
  readonly #numbers = new Map<string, number>()
  readonly #columns = new Map<string, GrowingColumn>()
  #refreshed: Promise<unknown> = Promise.resolve()

  constructor(scope: Scope, typeName: string) {
    this.#scope = scope
    this.#typeName = typeName
  }

  get size(): number {
    return this.#numbers.size
  }

  /** Whether most of what is in memory was true once. */
  get isOutgrown(): boolean {
    let used = 0
    for (const { length } of this.nodes.values()) used += length
    return this.size > 2 * used + UNUSED_AT_MOST
  }

  column(attribute: string): Column {
    return this.#columns.get(attribute)!
  }

  refresh(reader: Reader, attributes: readonly string[]): Promise<void> {
    const refreshed = this.#refreshed.then(async () => {
      await this.#readNodes(reader)
      for (const attribute of attributes) if (!this.#columns.has(attribute)) this.#addColumn(attribute)
    })
    this.#refreshed = refreshed.catch(() => {})
    return refreshed
  }

  async #readNodes(reader: Reader): Promise<void> {
    const revisions = await this.#storedRevisions(reader)
    const changed = [...revisions].flatMap(([id, revision]) => (this.#revisions.get(id) === revision ? [] : [id]))
    const read = new Map<string, Int32Array>()
    for (let first = 0; first < changed.length; first += NODES_AT_ONCE) {
      const ids = changed.slice(first, first + NODES_AT_ONCE)
      for (const [nodeId, { entries }] of await complianceContents(reader, this.#scope, this.#typeName, ids))
        read.set(
          nodeId,
          Int32Array.from(entries, (entry) => this.#numberOf(entry)),
        )
      if (first > 0) await setImmediate()
    }
    for (const id of this.nodes.keys()) if (!revisions.has(id)) this.nodes.delete(id)
    for (const [nodeId, entries] of read) this.nodes.set(nodeId, entries)
    this.#revisions.clear()
    for (const [nodeId, revision] of revisions) this.#revisions.set(nodeId, revision)
  }

  /** Those of compliance itself, and of what is reported of it as inventory. */
  async #storedRevisions(reader: Reader): Promise<Map<string, string>> {
    const { account, region } = this.#scope
    const revisions = await complianceRevisions(reader, this.#scope)
    for (const { node_id, digest } of await digestsOfType(reader, account, region, this.#typeName))
      revisions.set(node_id, `${revisions.get(node_id) ?? ''} ${digest}`)
    return revisions
  }

  #numberOf(entry: Entry): number {
    const text = JSON.stringify(entry)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(text, number)
    for (const [attribute, column] of this.#columns) column.set(number, entry[attribute])
    return number
  }

  #addColumn(attribute: string): void {
    const column = new GrowingColumn()
    for (const [text, number] of this.#numbers) column.set(number, (JSON.parse(text) as Entry)[attribute])
    this.#columns.set(attribute, column)
  }
}
