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
import { SnapshotAnswers } from './snapshot-answers.ts'
import { unavailable } from './unavailable.ts'

const BUSY = 5
/** How long opening and migrating wait, blocking, for another process to let go of the file. */
const OPENING_MS = 5_000
const CACHED_STATEMENTS = 512

/** Locked by another process, read-only, an I/O error, damaged, full, cannot be opened, no database at all. */
const UNAVAILABLE: ReadonlySet<number> = new Set([BUSY, 6, 8, 10, 11, 13, 14, 26])

/** `node:sqlite` as a Kysely connection with a cache of prepared statements. Synchronous inside, a promise outside. */
export class SqliteConnection implements DatabaseConnection {
  readonly database: DatabaseSync
  #statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>()
  /** Undefined while no snapshot is held. */
  #answers: SnapshotAnswers | undefined

  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: OPENING_MS })
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(sql, parameters)
  }

  /** Throws `ServiceUnavailable` if the database as a whole is in trouble. */
  execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    try {
      return this.#execute<R>(sql, parameters as readonly SQLInputValue[])
    } catch (error) {
      throw translated(error)
    }
  }

  #execute<R>(sql: string, parameters: readonly SQLInputValue[]): QueryResult<R> {
    const { statement, returnsRows } = this.#prepare(sql)
    if (returnsRows) {
      const ask = () => statement.all(...parameters) as object[]
      return { rows: (this.#answers ? this.#answers.rows(sql, parameters, ask) : ask()) as R[] }
    }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  // biome-ignore lint/correctness/useYield: the interface demands a generator, and no store streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming queries are not used; page by key instead.')
  }

  #prepare(sql: string): { statement: StatementSync; returnsRows: boolean } {
    const cached = this.#statements.get(sql)
    if (cached) return cached
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value!)
    const statement = this.database.prepare(sql)
    const prepared = { statement, returnsRows: statement.columns().length > 0 }
    this.#statements.set(sql, prepared)
    return prepared
  }

  /**
   * Opens a transaction that only reads and stays open: taking and leaving SQLite's locks for each query costs as much as looking
   * up a row, and what was read from one snapshot need not be read again. It must be released before anybody writes, or queries
   * go on seeing what was, and the log can never begin anew.
   */
  holdSnapshot(): void {
    if (this.#answers) return
    this.database.exec('begin')
    this.#answers = new SnapshotAnswers()
  }

  releaseSnapshot(): void {
    if (!this.#answers) return
    this.#answers = undefined
    this.database.exec('commit')
  }

  /** Prepared statements hold on to the schema they were made for, so a migration forgets them. */
  forgetStatements(): void {
    this.#statements.clear()
  }
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
