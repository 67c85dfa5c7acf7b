/** What a query is run on. The process that runs it gets all of it in one message. */
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { changesSince } from '../change-store.ts'
import { customTypes } from '../custom-type.ts'
import { type OwnAttributes, unpackOwn } from '../entry-codec.ts'
import { AWS_TYPES, attributesElsewhere } from '../inventory-type.ts'
import { contentsOfNodes, reportsOfScope } from '../item-store.ts'
import { Search } from '../search.ts'
import type { SearchedType } from '../searched-type.ts'
import { tableName } from './table-name.ts'

/** A type: its distinct entries once, and for each node which of them it has. */
export interface TypeTable {
  readonly name: string
  /** Columns of the entries: names and the value of each entry. */
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean; readonly values: (string | null)[] }[]
  readonly size: number
  readonly nodes: readonly string[]
  /** Those of the first node, then those of the second, and so on. */
  readonly entries: Int32Array
  /** Where in `entries` those of each node end. */
  readonly ends: Int32Array
  /** Columns that differ from node to node, and for each of `entries` the values in the order of these. */
  readonly own: readonly string[]
  readonly ownValues: readonly (string | null)[][] | undefined
}

/** A table as it is. */
export interface PlainTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

export interface QueryTables {
  /** By node; undefined: the query is about one Region, and knows of none. */
  readonly regions: ReadonlyMap<string, string> | undefined
  readonly types: readonly TypeTable[]
  readonly plain: readonly PlainTable[]
}

/** A column of a table that may be asked for. */
export interface TableShape {
  readonly typeName: string
  readonly name: string
  readonly attributes: readonly string[]
}

const PLAIN = {
  report: ['node_id', 'type_name', 'schema_version', 'capture_time', 'reported_at', 'changed_at', 'entries'],
  change: ['node_id', 'type_name', 'at', 'kind', 'name', 'before', 'after'],
} as const

/** Changes that a query sees: the latest. */
const CHANGES_AT_MOST = 200_000
/** Values that differ from node to node and are in no index: more would be too much for one answer. */
const OWN_AT_MOST = 3_000_000
const NODES_AT_ONCE = 500

/** A query that needs more than a server can hand out at once. */
export class QueryTooLarge extends Error {
  override readonly name = 'QueryTooLarge'
}

/** All tables of types, those of custom types of any of the Regions too. */
export async function tableShapes(reader: Reader, scopes: readonly Scope[]): Promise<TableShape[]> {
  const known = []
  for (const scope of scopes) known.push(...(await customTypes(reader, scope)).values())
  const custom = [...Map.groupBy(known, ({ name }) => name)].map(([name, types]) => ({
    name,
    attributes: [...new Set(types.flatMap(({ versions }) => [...versions.values()].flat()))],
  }))
  return [...AWS_TYPES.values(), ...custom].map(({ name, attributes }) => ({
    typeName: name,
    name: tableName(name),
    attributes,
  }))
}

/** The tables that a query names. */
export async function tablesFor(
  { db, scopes, isGathered, now }: { db: Reader; scopes: readonly Scope[]; isGathered: boolean; now: Date },
  query: string,
): Promise<QueryTables> {
  const names = new Set(query.toLowerCase().match(/[a-z0-9_]+|\*/g))
  const searches = scopes.map((scope) => new Search({ db, scope, now }))
  const types: TypeTable[] = []
  for (const shape of await tableShapes(db, scopes)) {
    if (!names.has(shape.name)) continue
    const parts: TypeTable[] = []
    for (const search of searches) parts.push(await typeTable(db, search, shape, names))
    types.push(parts.reduce(withRegion))
  }
  const regions = isGathered ? await regionsOfNodes(searches) : undefined
  return { regions, types, plain: await plainTables(db, scopes, isGathered, names) }
}

async function regionsOfNodes(searches: readonly Search[]): Promise<Map<string, string>> {
  const regions = new Map<string, string>()
  for (const search of searches) for (const { nodeId } of await search.fleet()) regions.set(nodeId, search.scope.region)
  return regions
}

/** The same type of another Region added; no node is in two. */
function withRegion(all: TypeTable, part: TypeTable): TypeTable {
  const columns = all.columns.map((column, index) => ({
    ...column,
    values: [...column.values, ...part.columns[index]!.values],
  }))
  return {
    ...all,
    columns,
    size: all.size + part.size,
    nodes: [...all.nodes, ...part.nodes],
    entries: withBehind(all.entries, part.entries, all.size),
    ends: withBehind(all.ends, part.ends, all.entries.length),
    ownValues: all.ownValues && [...all.ownValues, ...(part.ownValues ?? [])],
  }
}

/** The second list behind the first, each of its numbers by so much larger. */
function withBehind(first: Int32Array, second: Int32Array, by: number): Int32Array {
  const both = new Int32Array(first.length + second.length)
  both.set(first)
  for (const [index, number] of second.entries()) both[first.length + index] = number + by
  return both
}

async function typeTable(
  reader: Reader,
  search: Search,
  { typeName, name, attributes }: TableShape,
  named: ReadonlySet<string>,
): Promise<TypeTable> {
  const known = AWS_TYPES.get(typeName)
  const elsewhere = attributesElsewhere(typeName)
  const shared = attributes.filter((attribute) => !elsewhere.has(attribute))
  const own = attributes.filter((attribute) => elsewhere.has(attribute) && named.has(attribute.toLowerCase()))
  // A star, or a natural join, names all.
  const isNamed = (attribute: string) => named.has('*') || named.has('natural') || named.has(attribute.toLowerCase())
  const type = await search.type(typeName, shared.filter(isNamed))
  const columns = shared.filter(isNamed).map((attribute) => ({
    name: attribute,
    isNumber: known?.numbers.has(attribute) ?? false,
    values: valuesOf(type, attribute),
  }))
  const nodes = [...type.nodes.keys()]
  const lists = [...type.nodes.values()]
  const { entries, ends } = behindOneAnother(lists)
  const { size } = type
  const ownValues = own.length > 0 ? await valuesOfNodes(reader, typeName, nodes, lists, own) : undefined
  return { name, columns, size, nodes, entries, ends, own, ownValues }
}

/** One list instead of ten thousand is sent ten times as fast. */
function behindOneAnother(lists: readonly Int32Array[]): { entries: Int32Array; ends: Int32Array } {
  const ends = new Int32Array(lists.length)
  let end = 0
  for (const [index, { length }] of lists.entries()) {
    end += length
    ends[index] = end
  }
  const entries = new Int32Array(end)
  for (const [index, list] of lists.entries()) entries.set(list, ends[index]! - list.length)
  return { entries, ends }
}

function valuesOf(type: SearchedType, attribute: string): (string | null)[] {
  const { codes, values } = type.column(attribute)
  return Array.from({ length: type.size }, (_, entry) => values[codes[entry] ?? -1] ?? null)
}

async function valuesOfNodes(
  reader: Reader,
  typeName: string,
  nodes: readonly string[],
  lists: readonly Int32Array[],
  attributes: readonly string[],
): Promise<(string | null)[][]> {
  const total = lists.reduce((sum, { length }) => sum + length, 0)
  if (total > OWN_AT_MOST) throw new QueryTooLarge(`${attributes.join(', ')} differ on each of ${total} entries.`)
  const values: (string | null)[][] = []
  for (let first = 0; first < nodes.length; first += NODES_AT_ONCE) {
    const ids = nodes.slice(first, first + NODES_AT_ONCE)
    const rows = await contentsOfNodes(reader, ids, typeName)
    const known = new Map(rows.map((row) => [row.node_id, unpackOwn(row.own)]))
    for (const [index, id] of ids.entries()) {
      const own = known.get(id) ?? []
      for (let entry = 0; entry < lists[first + index]!.length; entry++) values.push(valuesAt(own[entry], attributes))
    }
  }
  return values
}

function valuesAt(own: OwnAttributes[number] | undefined, attributes: readonly string[]): (string | null)[] {
  return attributes.map((name) => (own ? (own[name] ?? null) : null))
}

async function plainTables(
  reader: Reader,
  scopes: readonly Scope[],
  isGathered: boolean,
  names: ReadonlySet<string>,
): Promise<PlainTable[]> {
  const tables: PlainTable[] = []
  const add = async <R extends object>(name: keyof typeof PLAIN, read: (scope: Scope) => Promise<readonly R[]>) => {
    if (!names.has(name)) return
    const columns = isGathered ? [...PLAIN[name], 'region'] : PLAIN[name]
    const rows: R[] = []
    for (const scope of scopes) rows.push(...(await read(scope)))
    tables.push({ name, columns, rows: rows.map((row) => columns.map((column) => row[column as keyof R] as string)) })
  }
  await add('report', (scope) => reportsOfScope(reader, scope))
  await add('change', (scope) => changesSince(reader, scope, new Date(0), CHANGES_AT_MOST))
  return tables
}
