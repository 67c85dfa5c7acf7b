import type { Database } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

/** Opens what `STEWARD_DATABASE_URL` names: `postgres://…`, or else the SQLite file at `path`. */
export function openDatabase(url: string, path: string): Database {
  return /^postgres(ql)?:\/\//.test(url) ? openPostgres(url) : openSqlite(path)
}
