/** Which nodes filters mean, over all types, stored and derived. */
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import {
  type Condition,
  entriesSatisfying,
  entrySatisfies,
  type NodeDemand,
  nodesSatisfying,
  onlyExclude,
  opposites,
} from './condition.ts'
import { allNodes, derivedEntries } from './derived-type.ts'
import { unpackNumbers, unpackOwn } from './entry-codec.ts'
import { AWS_TYPES, attributesElsewhere } from './inventory-type.ts'
import { contentsOfNodes } from './item-store.ts'
import { type SearchedType, typeInMemory } from './searched-type.ts'
import { loadType } from './stored-type.ts'

/** Nodes whose own attributes are read at once. */
const NODES_AT_ONCE = 200

/** The searches of one request: what they read of the fleet they read once. */
export class Search {
  readonly #reader: Reader
  readonly scope: Scope
  readonly #now: Date
  #fleet: ReturnType<typeof allNodes> | undefined
  readonly #derived = new Map<string, Promise<SearchedType>>()

  constructor({ db, scope, now }: { db: Reader; scope: Scope; now: Date }) {
    this.#reader = db
    this.scope = scope
    this.#now = now
  }

  /** All nodes, in order of their ids. */
  fleet(): ReturnType<typeof allNodes> {
    this.#fleet ??= allNodes(this.#reader, this.scope, this.#now)
    return this.#fleet
  }

  /** A type, with the columns of these attributes. */
  type(typeName: string, attributes: readonly string[]): Promise<SearchedType> {
    if (!AWS_TYPES.get(typeName)?.isDerived) return loadType(this.#reader, this.scope, typeName, attributes, this.#now)
    const known = this.#derived.get(typeName) ?? this.#derive(typeName)
    this.#derived.set(typeName, known)
    return known
  }

  async #derive(typeName: string): Promise<SearchedType> {
    return typeInMemory(await derivedEntries(this.#reader, this.scope, typeName, await this.fleet(), this.#now))
  }

  /** The nodes that satisfy all demands; undefined, if there are none, for all nodes. */
  async nodes(demands: readonly NodeDemand[]): Promise<ReadonlySet<string> | undefined> {
    let found: ReadonlySet<string> | undefined
    for (const demand of demands) {
      const nodes = 'reported' in demand ? await this.#reported(demand.reported) : await this.#satisfying(demand)
      found = found ? inBoth(found, nodes) : nodes
    }
    return found
  }

  async #reported(typeNames: readonly string[]): Promise<Set<string>> {
    const nodes = new Set<string>()
    for (const typeName of typeNames) for (const id of (await this.type(typeName, [])).nodes.keys()) nodes.add(id)
    return nodes
  }

  async #satisfying({ typeName, conditions }: Extract<NodeDemand, { typeName: string }>): Promise<Set<string>> {
    const names = attributesElsewhere(typeName)
    const shared = conditions.filter(({ attribute }) => !names.has(attribute))
    const own = conditions.filter(({ attribute }) => names.has(attribute))
    const type = await this.type(
      typeName,
      shared.map(({ attribute }) => attribute),
    )
    if (own.length === 0) return nodesSatisfying(type, shared)
    if (!onlyExclude(conditions)) return this.#withOwn(typeName, type, shared, own)
    const nodes = nodesSatisfying(type, shared)
    for (const one of opposites(own)) for (const id of await this.#withOwn(typeName, type, [], [one])) nodes.delete(id)
    return nodes
  }

  /** Nodes of which one entry satisfies the conditions on shared attributes and those on its own, which are not in memory. */
  async #withOwn(
    typeName: string,
    type: SearchedType,
    shared: readonly Condition[],
    own: readonly Condition[],
  ): Promise<Set<string>> {
    const wanted = entriesSatisfying(type, shared)
    const candidates = [...type.nodes].filter(([, entries]) => entries.some((entry) => wanted[entry] === 1))
    const nodes = new Set<string>()
    for (let first = 0; first < candidates.length; first += NODES_AT_ONCE) {
      const some = new Map(candidates.slice(first, first + NODES_AT_ONCE))
      for (const row of await contentsOfNodes(this.#reader, [...some.keys()], typeName)) {
        const entries = some.get(row.node_id)!
        const values = unpackOwn(row.own)
        // What was stored meanwhile has other entries; the next search sees it.
        if (unpackNumbers(row.entries).length !== entries.length) continue
        if (entries.some((entry, index) => wanted[entry] === 1 && entrySatisfies(values[index] || {}, own)))
          nodes.add(row.node_id)
      }
    }
    return nodes
  }
}

export function inBoth(some: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...some].filter((id) => others.has(id)))
}
