import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import { directConnection, type Reader, type Tx, tables } from './database.ts'

/**
 * A query that is put together once and run many times: for the few that every request or every report of a node needs, where
 * building and compiling take as long as the query itself. `build` is called once for each database, with stand-ins for the
 * arguments, so it must use them as values only, never look into them. Where the database answers at once, the query
 * does not pass through the builder's machinery at all.
 */
export function statement<Tables, Args extends readonly unknown[], Row>(
  build: (db: Kysely<Tables>, ...args: Args) => Compilable<Row>,
): (handle: Reader | Tx, ...args: Args) => Promise<Row[]> {
  const compiled = new Map<unknown, Template>()
  return async (handle, ...args) => {
    const db = tables<Tables>(handle as Tx)
    // Which dialect it is; the adapter's class stays the same for all connections of one database.
    const dialect = db.getExecutor().adapter.constructor
    let template = compiled.get(dialect)
    if (!template) {
      template = toTemplate(build(db, ...(args.map((_, index) => new Argument(index)) as unknown as Args)).compile())
      compiled.set(dialect, template)
    }
    const parameters = template.fill(args)
    const connection = directConnection(handle)
    if (connection) return connection.execute<Row>(template.query.sql, parameters).rows
    const { rows } = await db.executeQuery<Row>({ ...template.query, parameters })
    return rows
  }
}

/** The lengths of lists that a query is put together for. */
const LIST_LENGTHS = [1, 8, 64, 256]

/**
 * The same for a query that takes a list, which it may only use after `in`: a short one is filled up with its last value to one of a few
 * lengths, and a long one asked for in parts. Answers come part by part, so an order holds within a part only.
 */
export function listStatement<Tables, Args extends readonly unknown[], Row>(
  build: (db: Kysely<Tables>, list: readonly string[], ...args: Args) => Compilable<Row>,
): (handle: Reader | Tx, list: readonly string[], ...args: Args) => Promise<Row[]> {
  const byLength = LIST_LENGTHS.map((length) => ({
    length,
    ask: statement((db: Kysely<Tables>, ...values: unknown[]) =>
      build(db, values.slice(0, length) as string[], ...(values.slice(length) as unknown as Args)),
    ),
  }))
  const longest = byLength.at(-1)!
  return async (handle, list, ...args) => {
    const rows: Row[] = []
    for (let at = 0; at < list.length; at += longest.length) {
      const part = list.slice(at, at + longest.length)
      const { length, ask } = byLength.find((known) => known.length >= part.length) ?? longest
      const filled = [...part, ...new Array<string>(length - part.length).fill(part.at(-1)!)]
      rows.push(...(await ask(handle, ...filled, ...args)))
    }
    return rows
  }
}

/** Inserts one row; all rows of a table must have the same columns, in whatever order. */
export function inserter<Tables>(
  table: keyof Tables & string,
): (tx: Tx, row: Record<string, unknown>) => Promise<void> {
  let columns: readonly string[] | undefined
  const insert = statement((db: Kysely<AnyTables>, ...values: unknown[]) =>
    db.insertInto(table).values(Object.fromEntries(columns!.map((column, index) => [column, values[index]]))),
  )
  return async (tx, row) => {
    columns ??= Object.keys(row)
    await insert(tx, ...columns.map((column) => row[column]))
  }
}

/** The numbers of rows that are inserted with one query: few queries to keep, few rows that go alone. */
const BATCHES = [100, 10, 1]

/** Inserts many rows; all rows of a table must have the same columns, in whatever order. */
export function bulkInserter<Tables>(
  table: keyof Tables & string,
): (tx: Tx, rows: readonly Record<string, unknown>[]) => Promise<void> {
  let columns: readonly string[] = []
  const inserts = BATCHES.map((size) => {
    const insert = statement((db: Kysely<AnyTables>, ...values: unknown[]) => {
      const row = (start: number) => Object.fromEntries(columns.map((column, index) => [column, values[start + index]]))
      return db.insertInto(table).values(Array.from({ length: size }, (_, at) => row(at * columns.length)))
    })
    return { size, insert }
  })
  return async (tx, rows) => {
    if (rows.length === 0) return
    if (columns.length === 0) columns = Object.keys(rows[0]!)
    let done = 0
    for (const { size, insert } of inserts) {
      for (; rows.length - done >= size; done += size) {
        await insert(tx, ...rows.slice(done, done + size).flatMap((row) => columns.map((column) => row[column])))
      }
    }
  }
}

/** Changes the row that has these keys; one query for each set of columns that is ever changed together. */
export function updater<Tables>(
  table: keyof Tables & string,
  keys: readonly string[],
): (tx: Tx, key: readonly unknown[], change: Record<string, unknown>) => Promise<void> {
  const updates = new Map<string, (tx: Tx, ...values: unknown[]) => Promise<unknown>>()
  return async (tx, key, change) => {
    const columns = Object.keys(change)
    const id = columns.join()
    let update = updates.get(id)
    if (!update) {
      update = statement((db: Kysely<AnyTables>, ...values: unknown[]) => {
        const set = Object.fromEntries(columns.map((column, index) => [column, values[index]]))
        const query = db.updateTable<string>(table).set(set)
        return keys.reduce((built, column, index) => built.where(column, '=', values[columns.length + index]), query)
      })
      updates.set(id, update)
    }
    await update(tx, ...columns.map((column) => change[column]), ...key)
  }
}

type AnyTables = Record<string, Record<string, unknown>>

interface Template {
  readonly query: CompiledQuery
  fill(args: readonly unknown[]): unknown[]
}

/** Stands for an argument while the query is compiled. */
class Argument {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

function toTemplate(query: CompiledQuery): Template {
  const { parameters } = query
  return {
    query,
    fill: (args) => parameters.map((parameter) => (parameter instanceof Argument ? args[parameter.index] : parameter)),
  }
}
