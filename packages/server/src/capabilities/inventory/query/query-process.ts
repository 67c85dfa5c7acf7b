/**
 * Runs one query over the inventory, in a process of its own: it has a memory and a time of its own, both can be taken away from it, and
 * there is nothing in it but the tables that the query names. It may read no files but its own code, and open no connections.
 *
 * Nodes share entries, so a type is a table of its distinct entries and a view that spells out which nodes have them, for those entries
 * that a query gets to. It need not spell out much: a query that only counts is asked of the entries (`counted-entries.ts`), and of a large
 * type the rows that can matter, which the query's own conditions tell (`table-references.ts`), become a table with an index.
 */
import { constants, DatabaseSync } from 'node:sqlite'
import { compareVersions } from '../value-order.ts'
import { countingEntries, ENTRY, NODES_OF, ROWS } from './counted-entries.ts'
import { Members } from './members.ts'
import type { PlainTable, QueryTables, TypeTable } from './query-tables.ts'
import type { QueryAnswer, QueryJob } from './run-query.ts'
import { type Token, tokensOf } from './sql-tokens.ts'
import { referencesOf } from './table-references.ts'

const ALLOWED: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]
/** Of one value, in characters or bytes; lists of nodes may be longer. */
const LONGEST_VALUE = 1_000_000
const CHARACTERS_OF_ANSWER = 16_000_000
/** Rows of a type that are written out before the query runs: as many take half a second. */
const WRITTEN_OUT = 300_000

process.once('message', (job: QueryJob) => {
  process.send?.(answer(job), () => process.disconnect?.())
})

function answer({ tables, query, limit, writtenOut = WRITTEN_OUT }: QueryJob): QueryAnswer {
  try {
    const database = new DatabaseSync(':memory:')
    database.exec('pragma temp_store = memory; begin')
    database.function('compare_versions', { deterministic: true }, (a, b) =>
      a === null || b === null ? null : Math.sign(compareVersions(String(a), String(b))),
    )
    const tokens = tokensOf(query)
    const types = withMembers(database, tables)
    database.limits.length = Math.max(LONGEST_VALUE, ...types.map(({ members }) => 2 * members.longest))
    const hasRegion = tables.regions !== undefined
    for (const type of types) createType(database, type, { query, tokens, writtenOut, hasRegion })
    for (const table of tables.plain) createPlain(database, table)
    database.exec('commit')
    database.setAuthorizer((action) => (ALLOWED.includes(action) ? constants.SQLITE_OK : constants.SQLITE_DENY))
    return run(database, query, counting(database, types, query, tokens), limit)
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

interface TypeWithMembers {
  readonly type: TypeTable
  readonly members: Members
  /** The nodes that the query may be about; undefined: all. */
  among: ReadonlySet<number> | undefined
}

/** Numbers the nodes of all types, and says which numbers they have. */
function withMembers(database: DatabaseSync, { types, regions }: QueryTables): TypeWithMembers[] {
  const numbers = new Map<string, number>()
  const numberOf = (nodeId: string) => {
    const known = numbers.get(nodeId)
    if (known !== undefined) return known
    numbers.set(nodeId, numbers.size)
    return numbers.size - 1
  }
  const found = types.map((type) => ({ type, members: new Members(type, numberOf), among: undefined }))
  const region = regions ? ', region text' : ''
  database.exec(`create table "*node" ("*number" integer primary key, node_id text not null unique${region})`)
  const insert = database.prepare(`insert into "*node" values (?, ?${regions ? ', ?' : ''})`)
  for (const [nodeId, number] of numbers) insert.run(number, nodeId, ...(regions ? [regions.get(nodeId) ?? null] : []))
  return found
}

/** What is known of a query before it runs. */
interface Asked {
  readonly query: string
  readonly tokens: readonly Token[]
  /** Rows of a type that may be written out for it. */
  readonly writtenOut: number
  readonly hasRegion: boolean
}

function createType(database: DatabaseSync, of: TypeWithMembers, asked: Asked): void {
  const { type, members } = of
  const names = type.columns.map(({ name }) => quoted(name))
  const stored = quoted(`*${type.name}`)
  database.exec(
    `create table ${stored} (${[`${ENTRY} integer primary key`, `${ROWS} integer not null`, ...names].join(', ')})`,
  )
  const insert = database.prepare(`insert into ${stored} values (?, ?${', ?'.repeat(names.length)})`)
  for (const [entry, count] of members.counts.entries()) {
    const values = type.columns.map(({ values, isNumber }) => toValue(values[entry] ?? null, isNumber))
    if (count > 0) insert.run(entry, count, ...values)
  }
  const lists = quoted(`*nodes of ${type.name}`)
  database.function(`*nodes of ${type.name}`, { deterministic: true }, (entry) => members.list(Number(entry), of.among))
  const own = type.own.map((name, index) => `member.value ->> ${index + 1} as ${quoted(name)}`)
  const place = asked.hasRegion && !names.includes('"Region"') ? ', node.region as region' : ''
  const number = type.own.length > 0 ? 'member.value ->> 0' : 'member.value'
  const rows = `select node.node_id as node_id${place}${[...names.map((name) => `, entry.${name}`), ...own.map((one) => `, ${one}`)].join('')}
     from ${stored} as entry cross join json_each(${lists}(entry.${ENTRY})) as member cross join "*node" as node on node."*number" = ${number}`
  const wanted = wantedRows(database, of, asked)
  if (!wanted) {
    database.exec(`create view ${quoted(type.name)} as ${rows}`)
    return
  }
  of.among = wanted.nodes
  database.exec(`create temp table "*wanted" (entry integer primary key)`)
  const want = database.prepare('insert into "*wanted" values (?)')
  for (const entry of wanted.entries) want.run(entry)
  database.exec(
    `create table ${quoted(type.name)} as ${rows} where entry.${ENTRY} in (select entry from "*wanted");
     drop table "*wanted"; create index ${quoted(`${type.name} of node`)} on ${quoted(type.name)} (node_id)`,
  )
}

/** What of a type can get into the answer, if that is little enough to be written out: entries, and nodes unless it is all. */
function wantedRows(
  database: DatabaseSync,
  { type, members }: TypeWithMembers,
  { query, tokens, writtenOut }: Asked,
): { entries: readonly number[]; nodes: ReadonlySet<number> | undefined } | undefined {
  const all = [...members.counts.keys()]
  if (members.rows(all, undefined) <= writtenOut) return { entries: all, nodes: undefined }
  const references = referencesOf(query, tokens, type.name)
  if (!references) return undefined
  const matching = (table: string, column: string) => {
    const found = references.map(({ alias, conditions }) => numbersOf(database, table, column, alias, conditions))
    return found.includes(undefined) ? undefined : new Set(found.flatMap((some) => some ?? []))
  }
  const nodes = matching('"*node"', '"*number"')
  const entries = [...(matching(quoted(`*${type.name}`), ENTRY) ?? all)]
  return members.rows(entries, nodes) <= writtenOut ? { entries, nodes } : undefined
}

/** The rows that meet those of the conditions that are about this table alone; undefined if none is. */
function numbersOf(
  database: DatabaseSync,
  table: string,
  column: string,
  alias: string,
  conditions: readonly string[],
): number[] | undefined {
  const selecting = (condition: string) => `select ${column} as number from ${table} as ${alias} where (${condition})`
  const own = conditions.filter((condition) => isRunnable(database, selecting(condition)))
  if (own.length === 0) return undefined
  return database
    .prepare(selecting(own.join(') and (')))
    .all()
    .map(({ number }) => Number(number))
}

function isRunnable(database: DatabaseSync, query: string): boolean {
  try {
    database.prepare(query)
    return true
  } catch {
    return false
  }
}

/** The query of the entries that says the same; undefined if there is none. */
function counting(
  database: DatabaseSync,
  types: readonly TypeWithMembers[],
  query: string,
  tokens: readonly Token[],
): string | undefined {
  if (types.length !== 1) return undefined
  const { type, members } = types[0]!
  const rewritten = countingEntries(query, tokens, type.name)
  if (rewritten === undefined) return undefined
  const groups: number[][] = []
  database.aggregate(NODES_OF.slice(1, -1), {
    start: () => groups.push([]) - 1,
    step: (group, entry) => {
      groups[Number(group)]!.push(Number(entry))
      return group
    },
    result: (group) => members.nodesWith(groups[Number(group)]!),
  })
  return isRunnable(database, rewritten) ? rewritten : undefined
}

function toValue(value: string | null, isNumber: boolean): string | number | null {
  return isNumber && value !== null && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value
}

function createPlain(database: DatabaseSync, { name, columns, rows }: PlainTable): void {
  database.exec(`create table ${quoted(name)} (${columns.map(quoted).join(', ')})`)
  const insert = database.prepare(`insert into ${quoted(name)} values (${columns.map(() => '?').join(', ')})`)
  for (const row of rows) insert.run(...row)
}

/** `query` says what is wrong with it, and what columns are called, though it may be another one that is run. */
function run(database: DatabaseSync, query: string, instead: string | undefined, limit: number): QueryAnswer {
  const asked = database.prepare(query)
  const columns = distinct(asked.columns().map(({ name }) => name))
  const statement = instead === undefined ? asked : database.prepare(instead)
  statement.setReturnArrays(true)
  const rows: (string | null)[][] = []
  let characters = 0
  for (const row of statement.iterate() as Iterable<unknown>) {
    if (rows.length === limit || characters > CHARACTERS_OF_ANSWER) return { columns, rows, truncated: true }
    const texts = (row as unknown[]).map(toText)
    for (const text of texts) characters += text?.length ?? 0
    rows.push(texts)
  }
  return { columns, rows, truncated: false }
}

function toText(value: unknown): string | null {
  if (value === null) return null
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
}

/** Names that come twice get a number. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return before === 0 ? name : `${name}:${before + 1}`
  })
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
