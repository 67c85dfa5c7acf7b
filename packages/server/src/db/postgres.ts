/**
 * PostgreSQL through a pool. Every write is a serializable transaction, so stores may be written as if they were alone, as
 * they are on SQLite; the one that loses a race is repeated here, and after a few losses it really runs alone. A few writers at a
 * time: more would mostly lose races against each other on the same command's counters.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { AtEnd } from './at-end.ts'
import { ChangeFeed, type Noted, takeChanges } from './changes.ts'
import {
  asTx,
  type Database,
  type Migrations,
  type Reader,
  type SharedDatabase,
  setCommitted,
  type Tx,
} from './database.ts'
import { applyMigrations } from './migrations.ts'
import { translatingPool } from './postgres-pool.ts'
import { unavailable } from './unavailable.ts'
import { WriterTurns } from './writer-turns.ts'

const WRITERS = 8
const READERS = 8
const ATTEMPTS = 30
/** A piece of work that lost this many races runs alone, so that a crowd cannot keep it from ever being done. */
const ATTEMPTS_AMONG_OTHERS = 5
const BIGINT = 20

/** A server that is silent is as good as gone: callers are told so, and the connection is given up. */
const TIMES = {
  connectionTimeoutMillis: 10_000,
  query_timeout: 30_000,
  keepAlive: true,
  /** A transaction whose server process vanished must not hold its locks for ever. */
  idle_in_transaction_session_timeout: 60_000,
}

/** Serialization failure, deadlock: PostgreSQL's way of saying that the transaction should be tried again. */
const LOST_RACE = new Set(['40001', '40P01'])
const KEY_TAKEN = '23505'

/** Opens `postgres://…`. Needs PostgreSQL 15 or newer. */
export function openPostgres(url: string): Database {
  return new PostgresDatabase(url)
}

class PostgresDatabase implements Database {
  readonly kind = 'postgres'
  readonly changes = new ChangeFeed()
  readonly shared: SharedDatabase
  readonly #kysely: Kysely<unknown>
  readonly #readHandle: Reader
  readonly #turns = new WriterTurns(WRITERS)

  constructor(url: string) {
    this.shared = { kind: 'postgres', url }
    const types = {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === BIGINT ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    }
    const pool = new pg.Pool({ connectionString: url, max: WRITERS + READERS, types, ...TIMES })
    // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
    pool.on('error', () => {})
    this.#kysely = new Kysely({ dialect: new PostgresDialect({ pool: translatingPool(pool) }) })
    this.#readHandle = asTx(this.#kysely)
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return work(this.#readHandle)
  }

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.#turns.take(attempt > ATTEMPTS_AMONG_OTHERS)
      try {
        return await this.#transaction(work)
      } catch (error) {
        if (!isLostRace(error, attempt > ATTEMPTS_AMONG_OTHERS)) throw error
        if (attempt === ATTEMPTS) throw unavailable(error)
      } finally {
        this.#turns.give()
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)))
    }
  }

  async #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let changes: readonly Noted[] = []
    const value = await this.#kysely
      .transaction()
      .setIsolationLevel('serializable')
      .execute(async (transaction) => {
        const tx = asTx(transaction as Kysely<unknown>)
        setCommitted(tx, this.#readHandle)
        const value = await work(tx)
        changes = takeChanges(tx)
        const atEnd = new AtEnd()
        atEnd.take(tx)
        await atEnd.write(tx)
        return value
      })
    this.changes.tell(changes)
    return value
  }

  migrate(migrations: Migrations): Promise<void> {
    return applyMigrations(this.#kysely, migrations)
  }

  async empty(): Promise<void> {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema() and tablename not like 'kysely_%'
    `.execute(this.#kysely)
    if (rows.length > 0) await sql`truncate ${sql.join(rows.map(({ name }) => sql.id(name)))}`.execute(this.#kysely)
  }

  async size(): Promise<number> {
    const { rows } = await sql<{ bytes: number }>`
      select pg_database_size(current_database()) as bytes
    `.execute(this.#kysely)
    return rows[0]!.bytes
  }

  async check(): Promise<void> {
    const { rows } = await sql<{ readOnly: string }>`
      select current_setting('transaction_read_only') as "readOnly"
    `.execute(this.#kysely)
    if (rows[0]?.readOnly === 'on')
      throw unavailable(new Error('The database takes no writes: it is a standby, or was made read-only.'))
  }

  close(): Promise<void> {
    return this.#kysely.destroy()
  }
}

/**
 * A key that is taken is a lost race too, if it was free when the transaction looked; PostgreSQL says which of the two it is by one
 * name or the other. Who runs alone has met it in his own work.
 */
function isLostRace(error: unknown, ranAlone: boolean): boolean {
  if (!(error instanceof Error && 'code' in error)) return false
  return LOST_RACE.has(String(error.code)) || (error.code === KEY_TAKEN && !ranAlone)
}
