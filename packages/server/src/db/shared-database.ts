/**
 * Reads a database that another thread of this process writes. Whoever was told of a commit, by whichever thread, sees it here in the next
 * `read`: the writer counts its commits in shared memory before it tells anybody, and each read looks at the count first.
 */
import { Kysely } from 'kysely'
import { SeenCommits } from './commit-counts.ts'
import { asTx, type Database, type Reader, type SharedDatabase, setDirect } from './database.ts'
import { openPostgres } from './postgres.ts'
import { RememberedAnswers } from './remembered-answers.ts'
import { SqliteConnection, sqliteDialect } from './sqlite-dialect.ts'

/** A database that can only be looked at. */
export type ReadDatabase = Pick<Database, 'read' | 'close'>

/** Opens what `Database.shared` told of, in another thread. Its schema must be what it will be. */
export function openShared(shared: SharedDatabase): ReadDatabase {
  return shared.kind === 'postgres' ? openPostgres(shared.url) : new SharedSqlite(shared)
}

/** Where threads leave word for the one that writes, which is asked how the database is. */
export function newDamageMark(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}

export function isMarkedDamaged({ damaged }: SharedSqliteFile): boolean {
  return Atomics.load(damaged, 0) === 1
}

type SharedSqliteFile = SharedDatabase & { kind: 'sqlite' }

class SharedSqlite implements ReadDatabase {
  readonly #connection: SqliteConnection
  readonly #answers = new RememberedAnswers()
  readonly #seen: SeenCommits
  readonly #damaged: Int32Array
  readonly #handle: Reader
  #release: NodeJS.Immediate | undefined

  constructor({ path, commits, damaged }: SharedSqliteFile) {
    this.#seen = new SeenCommits(commits)
    this.#damaged = damaged
    this.#connection = new SqliteConnection(path, { readOnly: true })
    this.#connection.database.exec('pragma cache_size = -16384; pragma mmap_size = 268435456')
    this.#connection.migrated(this.#answers)
    this.#handle = asTx(new Kysely({ dialect: sqliteDialect(this.#connection) }))
    setDirect(this.#handle, this.#connection)
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    const changed = this.#seen.changed(this.#answers.tables)
    if (changed) {
      this.#connection.releaseSnapshot()
      this.#answers.changing(changed)
      this.#answers.settled()
    }
    try {
      return await work(this.#handle)
    } finally {
      if (this.#connection.damage) Atomics.store(this.#damaged, 0, 1)
      // What is asked in one turn of the event loop shares a snapshot; one that is held longer keeps the log from beginning anew.
      this.#release ??= setImmediate(() => {
        this.#release = undefined
        this.#connection.releaseSnapshot()
      })
    }
  }

  async close(): Promise<void> {
    clearImmediate(this.#release)
    this.#connection.database.close()
  }
}
