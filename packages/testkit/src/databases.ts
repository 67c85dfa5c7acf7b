import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Migrations } from '@steward/server/db/database.ts'
import { openDatabase } from '@steward/server/db/open.ts'
import { createDatabase, type PostgresServer, startPostgres } from './postgres.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Every store suite runs on each: `for (const kind of DATABASES) test(…)`. */
export const DATABASES: readonly DatabaseKind[] = ['sqlite', 'postgres']

let own: Promise<PostgresServer> | undefined

/** The cluster that the test run started, or else one of this process's own. */
export async function postgresUrl(): Promise<string> {
  const shared = process.env.STEWARD_TEST_POSTGRES
  if (shared) return shared
  own ??= startPostgres()
  return (await own).url
}

/** Stops the process's own cluster, if there is one. A lone test file calls it through {@link openTestDatabase}'s disposal. */
async function stopOwn(): Promise<void> {
  const server = await own
  own = undefined
  await server?.stop()
}

let users = 0

/** The URL of an empty database of that kind (empty text: SQLite), and what to do with it afterwards. */
export async function emptyDatabase(kind: DatabaseKind): Promise<{ url: string; drop: () => Promise<void> }> {
  if (kind === 'sqlite') return { url: '', drop: async () => {} }
  users++
  const { url, drop } = await createDatabase(await postgresUrl())
  return {
    url,
    async drop() {
      await drop()
      if (--users === 0) await stopOwn()
    },
  }
}

/**
 * An empty migrated database for a store's test: `await using db = await openTestDatabase(kind, migrations)`. SQLite in a file, as
 * people run it.
 */
export async function openTestDatabase(
  kind: DatabaseKind,
  migrations: Migrations,
): Promise<Database & AsyncDisposable> {
  const { url, drop } = await emptyDatabase(kind)
  const folder = mkdtempSync(join(tmpdir(), 'steward-store-'))
  const database = openDatabase(url, join(folder, 'steward.db'))
  await database.migrate(migrations)
  return Object.assign(database, {
    async [Symbol.asyncDispose]() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
      await drop()
    },
  })
}
