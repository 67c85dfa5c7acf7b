import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { type ObjectMaker, objectMaker } from './object-maker.ts'
import type { RememberedAnswers } from './remembered-answers.ts'
import { unavailable } from './unavailable.ts'

const BUSY = 5
/** How long opening and migrating wait, blocking, for another process to let go of the file. */
const OPENING_MS = 5_000
const CACHED_STATEMENTS = 512

/** Locked by another process, read-only, an I/O error, damaged, full, cannot be opened, no database at all. */
const UNAVAILABLE: ReadonlySet<number> = new Set([BUSY, 6, 8, 10, 11, 13, 14, 26])

/** Damaged, no database at all. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26])

/** `node:sqlite` as a Kysely connection with a cache of prepared statements. Synchronous inside, a promise outside. */
export class SqliteConnection implements DatabaseConnection {
  readonly database: DatabaseSync
  readonly #readOnly: boolean
  #answers: RememberedAnswers | undefined
  #statements = new Map<string, Prepared>()
  #holdsSnapshot = false
  #damage: Error | undefined

  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.#readOnly = options.readOnly ?? false
    this.database = new DatabaseSync(path, { readOnly: this.#readOnly, timeout: OPENING_MS })
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(sql, parameters)
  }

  /** Throws `ServiceUnavailable` if the database as a whole is in trouble. */
  execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    try {
      return this.#execute<R>(sql, parameters as readonly SQLInputValue[])
    } catch (error) {
      this.note(error)
      throw translated(error)
    }
  }

  /** What a statement found to be damaged; pages that nobody reads again stay so. */
  get damage(): Error | undefined {
    return this.#damage
  }

  /** Remembers the error if it tells of damage. */
  note(error: unknown): void {
    if (tellsOfDamage(error)) this.#damage ??= error
  }

  #execute<R>(sql: string, parameters: readonly SQLInputValue[]): QueryResult<R> {
    const prepared = this.#prepare(sql)
    const { statement, toRow, writes } = prepared
    if (writes.length > 0) this.#answers?.changing(writes)
    if (toRow) {
      const ask = () => this.#ask(statement, toRow, parameters)
      const reads = writes.length === 0 && this.#answers && this.#readBy(prepared, sql)
      return { rows: (reads ? this.#answers!.rows(sql, reads, parameters, ask) : ask()) as R[] }
    }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #ask(statement: StatementSync, toRow: ObjectMaker, parameters: readonly SQLInputValue[]): object[] {
    if (this.#readOnly) this.#holdSnapshot()
    return (statement.all(...parameters) as unknown as readonly unknown[][]).map(toRow)
  }

  // biome-ignore lint/correctness/useYield: the interface demands a generator, and no store streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming queries are not used; page by key instead.')
  }

  #prepare(sql: string): Prepared {
    const cached = this.#statements.get(sql)
    if (cached) return cached
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value!)
    const statement = this.database.prepare(sql)
    const writes = this.#answers ? writtenBy(sql) : []
    const columns = statement.columns().map(({ name }) => name)
    // The rows that `node:sqlite` makes by itself are tables of names to V8.
    const toRow = columns.length > 0 ? objectMaker(columns) : undefined
    if (toRow) statement.setReturnArrays(true)
    const prepared: Prepared = { statement, toRow, writes, reads: 'unasked' }
    this.#statements.set(sql, prepared)
    return prepared
  }

  /**
   * The tables that a query reads, from the program that SQLite makes of it; undefined if they are not known. Looked up when the query
   * comes for the second time: many are put together for one list of values and never come again.
   */
  #readBy(prepared: Prepared, sql: string): readonly string[] | undefined {
    if (prepared.reads === 'unasked') prepared.reads = 'asked once'
    else if (prepared.reads === 'asked once') prepared.reads = tablesRead(this.database, sql)
    return typeof prepared.reads === 'string' ? undefined : prepared.reads
  }

  /**
   * Opens a transaction that only reads and stays open: taking and leaving SQLite's locks for each query costs as much as looking
   * up a row. It must be released before anybody writes, or queries go on seeing what was, and the log can never begin anew.
   */
  #holdSnapshot(): void {
    if (this.#holdsSnapshot) return
    this.database.exec('begin')
    this.#holdsSnapshot = true
  }

  releaseSnapshot(): void {
    if (!this.#holdsSnapshot) return
    this.#holdsSnapshot = false
    try {
      this.database.exec('commit')
    } catch (error) {
      // SQLite says so once more where a page was damaged; nothing is lost with a transaction that only read.
      this.note(error)
      if (this.database.isTransaction) this.database.exec('rollback')
    }
  }

  /**
   * The schema is what it will be: statements that were prepared for an older one are forgotten, and answers may be remembered. All
   * connections to a database share its answers.
   */
  migrated(answers: RememberedAnswers | undefined): void {
    this.#statements.clear()
    this.#answers = answers
  }
}

interface Prepared {
  readonly statement: StatementSync
  /** Undefined if it answers no rows. */
  readonly toRow: ObjectMaker | undefined
  readonly writes: readonly string[]
  reads: readonly string[] | undefined | 'unasked' | 'asked once'
}

/** The table that a statement changes: one at most, because there are no triggers, and nothing is deleted in a cascade. */
function writtenBy(sql: string): readonly string[] {
  const table = /^\s*(?:insert\s+(?:or\s+\w+\s+)?into|update|delete\s+from)\s+"?(\w+)"?/i.exec(sql)?.[1]
  if (table) return [table]
  if (/^\s*with\b/i.test(sql) && /\b(insert|update|delete)\b/i.test(sql)) throw new Error(`Which table changes? ${sql}`)
  return []
}

function tablesRead(database: DatabaseSync, sql: string): readonly string[] | undefined {
  if (!/^\s*(select|with)\b/i.test(sql)) return undefined
  const program = database.prepare(`explain ${sql}`).all() as { opcode: string; p2: number }[]
  const schema = database.prepare('select rootpage, tbl_name from sqlite_master').all()
  const tableAt = new Map(schema.map(({ rootpage, tbl_name }) => [rootpage, tbl_name as string]))
  const opened = program.filter(({ opcode }) => ['OpenRead', 'ReopenIdx', 'VOpen'].includes(opcode))
  const tables = opened.map(({ opcode, p2 }) => (opcode === 'VOpen' ? undefined : tableAt.get(p2)))
  const known = tables.filter((table) => table !== undefined)
  return known.length === tables.length ? [...new Set(known)] : undefined
}

/** Whether another process holds the lock for writing. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY
}

/** The error as callers should see it: `ServiceUnavailable` if the database as a whole is in trouble. */
export function translated(error: unknown): unknown {
  const code = resultCode(error)
  return code !== undefined && UNAVAILABLE.has(code) ? unavailable(error) : error
}

/** SQLite's primary result code; its extended codes carry it in their lowest byte. */
function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

/** The file, or what it was read for, is not what SQLite wrote there. */
export function tellsOfDamage(error: unknown): error is Error {
  return DAMAGED.has(resultCode(error) ?? 0)
}

/** A Kysely dialect on one connection that is already open; who may use it when is the caller's business. */
export function sqliteDialect(connection: SqliteConnection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SingleConnectionDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class SingleConnectionDriver implements Driver {
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async beginTransaction(): Promise<void> {
    this.#connection.database.exec('begin immediate')
  }
  async commitTransaction(): Promise<void> {
    this.#connection.database.exec('commit')
  }
  async rollbackTransaction(): Promise<void> {
    this.#connection.database.exec('rollback')
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
