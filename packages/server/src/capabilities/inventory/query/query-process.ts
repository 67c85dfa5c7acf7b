/**
 * Runs one query over the inventory, in a process of its own: it has a memory and a time of its own, both can be taken away from it, and
 * there is nothing in it but the tables that the query names. It may read no files but its own code, and open no connections.
 *
 * Nodes share entries, so a type is a table of its distinct entries, each with the nodes that have it as a JSON list, and a view that
 * spells that out: a condition on an attribute is looked at once for each distinct entry.
 */
import { constants, DatabaseSync } from 'node:sqlite'
import { compareVersions } from '../value-order.ts'
import type { PlainTable, QueryTables, TypeTable } from './query-tables.ts'
import type { QueryAnswer, QueryJob } from './run-query.ts'

const ALLOWED: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]
/** Of one value, in characters or bytes; the lists of nodes are longer, and made before. */
const LONGEST_VALUE = 1_000_000
const CHARACTERS_OF_ANSWER = 16_000_000

process.once('message', (job: QueryJob) => {
  process.send?.(answer(job), () => process.disconnect?.())
})

function answer({ tables, query, limit }: QueryJob): QueryAnswer {
  try {
    return run(prepared(tables), query, limit)
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

function prepared({ types, plain }: QueryTables): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec('pragma temp_store = memory; begin')
  const nodes = new Map<string, number>()
  database.exec('create table "*node" (number integer primary key, id text not null)')
  for (const type of types) createType(database, type, nodes)
  const insert = database.prepare('insert into "*node" values (?, ?)')
  for (const [id, number] of nodes) insert.run(number, id)
  for (const table of plain) createPlain(database, table)
  database.exec('commit')
  database.function('compare_versions', { deterministic: true }, (a, b) =>
    a === null || b === null ? null : Math.sign(compareVersions(String(a), String(b))),
  )
  database.limits.length = Math.max(LONGEST_VALUE, longestList(database, types))
  database.setAuthorizer((action) => (ALLOWED.includes(action) ? constants.SQLITE_OK : constants.SQLITE_DENY))
  return database
}

function createType(database: DatabaseSync, type: TypeTable, nodes: Map<string, number>): void {
  const names = type.columns.map(({ name }) => quoted(name))
  const stored = `*${type.name}`
  database.exec(`create table ${quoted(stored)} (${[...names, '"*nodes" text not null'].join(', ')})`)
  const insert = database.prepare(`insert into ${quoted(stored)} values (${[...names, ''].map(() => '?').join(', ')})`)
  for (const [entry, list] of nodesOfEntries(type, nodes).entries()) {
    const values = type.columns.map(({ values, isNumber }) => toValue(values[entry] ?? null, isNumber))
    if (list) insert.run(...values, `[${list.join()}]`)
  }
  const own = type.own.map((name, index) => `member.value ->> ${index + 1} as ${quoted(name)}`)
  const number = type.own.length > 0 ? 'member.value ->> 0' : 'member.value'
  database.exec(
    `create view ${quoted(type.name)} as select node.id as node_id, ${[...names.map((name) => `entry.${name}`), ...own].join(', ')}
     from ${quoted(stored)} as entry cross join json_each(entry."*nodes") as member cross join "*node" as node on node.number = ${number}`,
  )
}

/** For each entry what is in its list: numbers of nodes, or with the values of their own. */
function nodesOfEntries({ nodes, size }: TypeTable, numbers: Map<string, number>): (string[] | undefined)[] {
  const lists: (string[] | undefined)[] = Array.from({ length: size }, () => undefined)
  for (const { id, entries, own } of nodes) {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    for (const [index, entry] of entries.entries()) {
      const text = own ? JSON.stringify([number, ...own[index]!]) : String(number)
      const known = lists[entry]
      if (known) known.push(text)
      else lists[entry] = [text]
    }
  }
  return lists
}

function toValue(value: string | null, isNumber: boolean): string | number | null {
  return isNumber && value !== null && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value
}

function createPlain(database: DatabaseSync, { name, columns, rows }: PlainTable): void {
  database.exec(`create table ${quoted(name)} (${columns.map(quoted).join(', ')})`)
  const insert = database.prepare(`insert into ${quoted(name)} values (${columns.map(() => '?').join(', ')})`)
  for (const row of rows) insert.run(...row)
}

function longestList(database: DatabaseSync, types: readonly TypeTable[]): number {
  const lengths = types.map(({ name }) =>
    Number(database.prepare(`select max(length("*nodes")) as longest from ${quoted(`*${name}`)}`).get()!.longest ?? 0),
  )
  return 2 * Math.max(0, ...lengths)
}

function run(database: DatabaseSync, query: string, limit: number): QueryAnswer {
  const statement = database.prepare(query)
  statement.setReturnArrays(true)
  const columns = distinct(statement.columns().map(({ name }) => name))
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
