/**
 * SQLite with group commit. One connection writes, another reads.
 *
 * Writes wait in a queue. A batch takes what is waiting, runs all of it in one transaction and commits once. Nobody is told
 * anything before that commit is on the disk (`log-sync.ts`; batches that commit meanwhile share the next sync), not even that a
 * piece of work failed, because it may have failed on what another piece of the batch had written. So what was acknowledged
 * survives a kill or a power cut at any moment; a crash before it loses only work that nobody was told of. Readers see a batch from
 * its commit on, a moment before it is durable; between two batches they share one snapshot.
 *
 * A piece that throws leaves nothing behind, and the others go on. That takes a savepoint around each piece, for which SQLite
 * keeps a copy of every page that the piece changes: up to a tenth of all the work. Pieces seldom throw, so they run without; if
 * one does, the whole batch is undone and runs again, with savepoints this time. If the commit itself fails, or the disk is full,
 * every piece of the batch is rejected and the database is as it was.
 *
 * Work awaits nothing but this database, whose answers are ready at once, so a batch runs within one turn of the event loop. An
 * in-memory database has only one connection; its reads wait for the batch that runs, if one does, and cannot be
 * interrupted by the next, which begins in a later turn.
 */
import { closeSync, openSync } from 'node:fs'
import { Kysely } from 'kysely'
import { AtEnd, dropAtEnd } from './at-end.ts'
import { ChangeFeed, type Noted, takeChanges } from './changes.ts'
import { Checkpoints } from './checkpoints.ts'
import { type CommitCounts, countCommit, newCommitCounts } from './commit-counts.ts'
import {
  asTx,
  type Database,
  type Migrations,
  type Reader,
  type SharedDatabase,
  setCommitted,
  setDirect,
  type Tx,
} from './database.ts'
import { LogSync } from './log-sync.ts'
import { applyMigrations } from './migrations.ts'
import { RememberedAnswers } from './remembered-answers.ts'
import { isMarkedDamaged, newDamageMark } from './shared-database.ts'
import { isBusy, SqliteConnection, sqliteDialect, tellsOfDamage, translated } from './sqlite-dialect.ts'
import { DatabaseDamaged, unavailable } from './unavailable.ts'

const BATCH_SIZE = 512
/** Where one piece threw others soon may: of callers that are refused, or clients that try again. */
const GUARDED_AFTER_FAILURE = 256
const LOOK_AGAIN_MS = 20

const BOUNDS = {
  /** After this a batch takes no more work and commits. */
  batchMs: 10,
  /** How long writes wait for another process that holds the lock. */
  patienceMs: 5_000,
  /** Pages in the log with which it is taken into the database. A longer one (32 MB) has more of them overwritten before they are copied. */
  checkpointPages: 8_000,
}

interface Work {
  run(tx: Tx): Promise<unknown>
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** Work that ran, and what its caller is told once the batch is durable: the value, or why not. */
interface Outcome {
  readonly work: Work
  value: unknown
  failed: boolean
  changes: readonly Noted[]
}

/** Opens the database file, or `:memory:`. Durable unless in memory. The file is its owner's only. */
export function openSqlite(path: string, given: Partial<typeof BOUNDS> = {}): Database {
  try {
    return opened(path, given)
  } catch (error) {
    throw tellsOfDamage(error) ? damagedFile(path, error) : error
  }
}

/** For whoever starts the server, which cannot go on. */
function damagedFile(path: string, cause: Error): Error {
  return new Error(`The database ${path} is damaged. Restore it from a backup: docs/operating.md says how.`, { cause })
}

function opened(path: string, given: Partial<typeof BOUNDS>): Database {
  const bounds = { ...BOUNDS, ...given }
  const inMemory = path === ':memory:'
  // SQLite makes its other files with the permissions of this one.
  if (!inMemory) closeSync(openSync(path, 'a', 0o600))
  const writer = new SqliteConnection(path)
  if (!inMemory) writer.database.exec('pragma journal_mode = wal; pragma synchronous = normal')
  // Its own only should ours fail: it stops everything.
  if (!inMemory) writer.database.exec(`pragma wal_autocheckpoint = ${4 * bounds.checkpointPages}`)
  // What is deleted or moved is overwritten wherever a page is written anyway, so that no copy of it stays in the file.
  writer.database.exec('pragma secure_delete = fast')
  writer.database.exec('pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -65536')
  const reader = inMemory ? undefined : new SqliteConnection(path, { readOnly: true })
  reader?.database.exec('pragma cache_size = -65536; pragma mmap_size = 268435456')
  const log = inMemory ? undefined : new LogSync(path)
  const commits = newCommitCounts()
  const shared: SharedDatabase | undefined = inMemory
    ? undefined
    : { kind: 'sqlite', path, commits, damaged: newDamageMark() }
  const checkpoints = inMemory
    ? undefined
    : new Checkpoints({
        path,
        every: bounds.checkpointPages,
        pagesInLog: () => pagesInLog(writer),
        failed: (error) => writer.note(error),
      })
  return new SqliteDatabase({ writer, reader, log, checkpoints, commits, shared }, bounds)
}

/** Those that the database has not. */
function pagesInLog({ database }: SqliteConnection): number {
  const { log, checkpointed } = database.prepare('pragma wal_checkpoint(noop)').get() as Record<string, number>
  return log! - checkpointed!
}

interface Parts {
  readonly commits: CommitCounts
  readonly shared: SharedDatabase | undefined
  readonly writer: SqliteConnection
  readonly reader: SqliteConnection | undefined
  readonly log: LogSync | undefined
  readonly checkpoints: Checkpoints | undefined
}

class SqliteDatabase implements Database {
  readonly kind = 'sqlite'
  readonly changes = new ChangeFeed()
  readonly shared: SharedDatabase | undefined
  readonly #commits: CommitCounts
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection | undefined
  readonly #log: LogSync | undefined
  /** Undefined before migrations and during them: they change the rows that they are given. */
  #answers: RememberedAnswers | undefined
  readonly #tx: Tx
  readonly #readHandle: Reader
  readonly #kysely: Kysely<unknown>
  readonly #checkpoints: Checkpoints | undefined
  readonly #bounds: typeof BOUNDS
  #queue: Work[] = []
  #pumping: Promise<void> | undefined
  #batch: Promise<void> | undefined
  /** How many of the next pieces run in a savepoint each. */
  #guarded = 0
  /** The last batch's way to the disk; those of earlier batches end before it. */
  #settled: Promise<void> = Promise.resolve()
  #closed = false
  #dataVersion = 0

  constructor({ writer, reader, log, checkpoints, commits, shared }: Parts, bounds: typeof BOUNDS) {
    this.#bounds = bounds
    this.#checkpoints = checkpoints
    this.#commits = commits
    this.shared = shared
    this.#writer = writer
    this.#reader = reader
    this.#log = log
    this.#kysely = new Kysely({ dialect: sqliteDialect(writer) })
    this.#tx = asTx(this.#kysely)
    setDirect(this.#tx, writer)
    this.#readHandle = this.#tx
    if (!reader) return
    this.#readHandle = asTx(new Kysely({ dialect: sqliteDialect(reader) }))
    setDirect(this.#readHandle, reader)
    setCommitted(this.#tx, this.#readHandle)
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    if (!this.#reader) while (this.#batch) await this.#batch
    return work(this.#readHandle)
  }

  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(unavailable(new Error('The database is closed.')))
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: work, resolve: resolve as (value: unknown) => void, reject })
      this.#pumping ??= this.#pump()
    })
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      // Requests that arrive in the same turn of the event loop share a batch.
      await new Promise((resolve) => setImmediate(resolve))
      await this.#checkpoints?.pause
      try {
        await this.#begin()
        this.#batch = this.#runBatch()
        await this.#batch
      } catch (error) {
        this.#writer.note(error)
        // Rejected at once, or the pump would spin on a database that cannot be written.
        for (const work of this.#queue.splice(0)) work.reject(translated(error))
      }
      this.#batch = undefined
    }
    this.#pumping = undefined
  }

  /** Opens the batch's transaction. Waits, without blocking, while another process holds the lock. */
  async #begin(): Promise<void> {
    const until = performance.now() + this.#bounds.patienceMs
    for (;;) {
      try {
        this.#reader?.releaseSnapshot()
        this.#writer.database.exec('begin immediate')
        if (this.#othersWrote()) this.#forget()
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    }
  }

  /** Whether another process wrote since this was last asked. */
  #othersWrote(): boolean {
    const [{ data_version }] = this.#writer.execute<{ data_version: number }>('pragma data_version', []).rows as [
      { data_version: number },
    ]
    const wrote = data_version !== this.#dataVersion
    this.#dataVersion = data_version
    return wrote
  }

  /** Another process changed something, which may be anything. */
  #forget(): void {
    this.#answers?.forget()
    countCommit(this.#commits, undefined)
  }

  async #runBatch(): Promise<void> {
    const outcomes: Outcome[] = []
    const { database } = this.#writer
    let changed = true
    try {
      const atEnd = new AtEnd()
      if (!(await this.#runPieces(outcomes, atEnd))) {
        this.#undo(outcomes)
        changed = false
        return
      }
      await atEnd.write(this.#tx)
      changed = this.#answers === undefined || this.#answers.changed.size > 0
      database.exec('commit')
    } catch (error) {
      this.#writer.note(error)
      if (database.isTransaction) database.exec('rollback')
      for (const { work } of outcomes) work.reject(translated(error))
      return
    } finally {
      // Of a read that came in between.
      this.#reader?.releaseSnapshot()
      if (changed) countCommit(this.#commits, this.#answers?.changed)
      this.#answers?.settled()
    }
    this.#settled = this.#settle(outcomes, changed)
    if (changed) this.#checkpoints?.committed()
  }

  /** Runs what is waiting, within bounds. Answers false as soon as a piece throws that has no savepoint. */
  async #runPieces(outcomes: Outcome[], atEnd: AtEnd): Promise<boolean> {
    const until = performance.now() + this.#bounds.batchMs
    do {
      const outcome: Outcome = { work: this.#queue.shift()!, value: undefined, failed: false, changes: [] }
      outcomes.push(outcome)
      if (this.#guarded > 0) await this.#runGuarded(outcome)
      else if (!(await this.#runPiece(outcome))) return false
      atEnd.take(this.#tx)
    } while (this.#queue.length > 0 && outcomes.length < BATCH_SIZE && performance.now() < until)
    return true
  }

  /** The same pieces begin the next batch, each in a savepoint. */
  #undo(outcomes: readonly Outcome[]): void {
    this.#writer.database.exec('rollback')
    this.#queue.unshift(...outcomes.map(({ work }) => work))
    this.#guarded = outcomes.length + GUARDED_AFTER_FAILURE
  }

  /** Tells what became of each piece, once that is durable. */
  async #settle(outcomes: readonly Outcome[], changed: boolean): Promise<void> {
    try {
      await (changed ? this.#log?.durable() : this.#log?.caughtUp())
    } catch (error) {
      for (const { work } of outcomes) work.reject(unavailable(error))
      return
    }
    for (const { work, value, failed, changes } of outcomes) {
      if (failed) work.reject(value)
      else {
        work.resolve(value)
        this.changes.tell(changes)
      }
    }
  }

  /** Runs one piece; answers whether it went well. */
  async #runPiece(outcome: Outcome): Promise<boolean> {
    try {
      outcome.value = await outcome.work.run(this.#tx)
      outcome.changes = takeChanges(this.#tx)
      return true
    } catch (error) {
      takeChanges(this.#tx)
      dropAtEnd(this.#tx)
      outcome.value = error
      outcome.failed = true
      // On a full disk SQLite rolls back everything by itself.
      if (!this.#writer.database.isTransaction) throw error
      return false
    }
  }

  /** Runs one piece in a savepoint. Throws only if the whole transaction is lost. */
  async #runGuarded(outcome: Outcome): Promise<void> {
    this.#guarded -= 1
    this.#writer.execute('savepoint piece', [])
    if (!(await this.#runPiece(outcome))) this.#writer.execute('rollback to piece', [])
    this.#writer.execute('release piece', [])
  }

  async migrate(migrations: Migrations): Promise<void> {
    this.#reader?.releaseSnapshot()
    this.#answers = undefined
    this.#writer.migrated(undefined)
    await applyMigrations(this.#kysely, migrations).catch((error: unknown) => {
      const { damage } = this.#writer
      throw damage && this.shared?.kind === 'sqlite' ? damagedFile(this.shared.path, damage) : error
    })
    this.#answers = new RememberedAnswers()
    this.#writer.migrated(this.#answers)
    this.#reader?.migrated(this.#answers)
    // From now on whoever waits for another process's lock waits without blocking everybody else.
    this.#writer.database.exec('pragma busy_timeout = 0')
  }

  async empty(): Promise<void> {
    await this.write(async () => {
      const names = this.#writer.database
        .prepare(
          "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'",
        )
        .all() as { name: string }[]
      for (const { name } of names) this.#writer.database.exec(`delete from "${name}"`)
      this.#answers?.changing(names.map(({ name }) => name))
    })
  }

  async size(): Promise<number> {
    const pragma = (name: string) => Number(Object.values(this.#writer.database.prepare(`pragma ${name}`).get()!)[0])
    return pragma('page_count') * pragma('page_size')
  }

  async check(): Promise<void> {
    const damage = this.#writer.damage ?? this.#reader?.damage
    if (damage) throw new DatabaseDamaged(damage)
    if (this.shared?.kind === 'sqlite' && isMarkedDamaged(this.shared)) throw new DatabaseDamaged()
    await this.write(async () => {
      this.#answers?.changing(['sqlite_schema'])
      this.#writer.database.exec('pragma user_version = 1')
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pumping
    await this.#settled
    await this.#checkpoints?.close()
    this.#log?.close()
    this.#reader?.database.close()
    this.#writer.database.close()
  }
}
