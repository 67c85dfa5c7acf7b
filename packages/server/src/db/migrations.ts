import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Migrations } from './database.ts'

/** Applies what is missing, in order of name, all or nothing. Capabilities own their tables, so order between them is free. */
export async function applyMigrations(kysely: Kysely<unknown>, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => migrations },
    allowUnorderedMigrations: true,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (!error) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName
  throw new Error(`The database could not be brought up to date${failed ? ` (migration ${failed})` : ''}.`, {
    cause: error,
  })
}
