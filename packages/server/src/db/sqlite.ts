/**
 * SQLite with group commit. One connection writes, another reads.
 *
 * Writes wait in a queue. A batch takes what is waiting, runs each piece of work inside a savepoint of one transaction and
 * commits once: one fsync for all of them. Nobody is answered before that commit returned, so what was acknowledged
 * survives a kill at any moment; a crash before it loses only work that nobody was told of. One piece that throws is rolled
 * back to its savepoint and the others go on. If the commit itself fails (disk full), every piece of the batch is
 * rejected and the database is as it was.
 *
 * Work awaits nothing but this database, whose answers are ready at once, so a batch runs within one turn of the event loop.
 * That is also why an in-memory database, which has only one connection, sends its reads through the same queue: a read must
 * not see half a batch.
 */
import { Kysely } from 'kysely'
import { asTx, type Database, type Migrations, type Reader, type Tx } from './database.ts'
import { applyMigrations } from './migrations.ts'
import { SqliteConnection, sqliteDialect } from './sqlite-dialect.ts'

const BATCH_SIZE = 512
const BATCH_MILLISECONDS = 10

interface Work {
  run(tx: Tx): Promise<unknown>
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** Opens the database file, or `:memory:`. Durable (WAL, synchronous=FULL) unless in memory. */
export function openSqlite(path: string): Database {
  const writer = new SqliteConnection(path)
  const inMemory = path === ':memory:'
  if (!inMemory) writer.database.exec('pragma journal_mode = wal; pragma synchronous = full')
  writer.database.exec('pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -65536')
  const reader = inMemory ? undefined : new SqliteConnection(path, { readOnly: true })
  reader?.database.exec('pragma cache_size = -65536; pragma mmap_size = 268435456')
  return new SqliteDatabase(writer, reader)
}

class SqliteDatabase implements Database {
  readonly kind = 'sqlite'
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection | undefined
  readonly #tx: Tx
  readonly #readHandle: Reader
  readonly #kysely: Kysely<unknown>
  #queue: Work[] = []
  #pumping: Promise<void> | undefined
  #closed = false

  constructor(writer: SqliteConnection, reader: SqliteConnection | undefined) {
    this.#writer = writer
    this.#reader = reader
    this.#kysely = new Kysely({ dialect: sqliteDialect(writer) })
    this.#tx = asTx(this.#kysely)
    this.#readHandle = reader ? asTx(new Kysely({ dialect: sqliteDialect(reader) })) : this.#tx
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#reader ? work(this.#readHandle) : this.write(work)
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The database is closed.'))
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: work, resolve: resolve as (value: unknown) => void, reject })
      this.#pumping ??= this.#pump()
    })
  }

  async #pump(): Promise<void> {
    // Requests that arrive in the same turn of the event loop share the first batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      await this.#runBatch()
      if (this.#queue.length > 0) await new Promise((resolve) => setImmediate(resolve))
    }
    this.#pumping = undefined
  }

  async #runBatch(): Promise<void> {
    const done: { work: Work; value: unknown }[] = []
    const { database } = this.#writer
    try {
      database.exec('begin immediate')
    } catch (error) {
      // Rejected at once, or the pump would spin on a database that cannot be written.
      for (const work of this.#queue.splice(0)) work.reject(error)
      return
    }
    try {
      const until = performance.now() + BATCH_MILLISECONDS
      do {
        const work = this.#queue.shift()!
        await this.#runInSavepoint(work, done)
      } while (this.#queue.length > 0 && done.length < BATCH_SIZE && performance.now() < until)
      database.exec('commit')
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      for (const { work } of done) work.reject(error)
      return
    }
    for (const { work, value } of done) work.resolve(value)
  }

  async #runInSavepoint(work: Work, done: { work: Work; value: unknown }[]): Promise<void> {
    const { database } = this.#writer
    database.exec('savepoint work')
    try {
      const value = await work.run(this.#tx)
      database.exec('release work')
      done.push({ work, value })
    } catch (error) {
      // A full disk may already have rolled the whole transaction back; then the batch is lost, and says so.
      if (!database.isTransaction) {
        done.push({ work, value: undefined })
        throw error
      }
      database.exec('rollback to work; release work')
      work.reject(error)
    }
  }

  async migrate(migrations: Migrations): Promise<void> {
    await applyMigrations(this.#kysely, migrations)
    this.#writer.forgetStatements()
    this.#reader?.forgetStatements()
  }

  async empty(): Promise<void> {
    await this.write(async () => {
      const names = this.#writer.database
        .prepare(
          "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'",
        )
        .all() as { name: string }[]
      for (const { name } of names) this.#writer.database.exec(`delete from "${name}"`)
    })
  }

  async check(): Promise<void> {
    await this.write(async () => this.#writer.database.exec('pragma user_version = 1'))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pumping
    this.#reader?.database.close()
    this.#writer.database.close()
  }
}
