import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { LocalInstallation } from '#local-installation.ts'
import { type Finding, well, wrong } from './finding.ts'

const TIMEOUT_MS = 5000

/** For a server that does not answer, or is not ready: is it the database? */
export async function checkDatabase({ databaseUrl, data }: LocalInstallation): Promise<Finding[]> {
  if (databaseUrl) return [await checkPostgres(new URL(databaseUrl))]
  const file = join(data, 'steward.db')
  return existsSync(file) ? [await checkSqlite(file)] : []
}

async function checkSqlite(file: string): Promise<Finding> {
  const { DatabaseSync } = await import('node:sqlite')
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    const [row] = database.prepare('PRAGMA quick_check(1)').all()
    database.close()
    const verdict = String(row?.quick_check).replaceAll('\n', ' ')
    return verdict === 'ok' ? well(`Database ${file} is whole`) : damaged(file, verdict)
  } catch (error) {
    return damaged(file, (error as Error).message, (error as { errcode?: number }).errcode)
  }
}

/** SQLite's code for a file that this user may not open, or not in that directory. */
const CANNOT_OPEN = 14

function damaged(file: string, why: string, code?: number): Finding {
  const mend =
    code === CANNOT_OPEN
      ? 'run as the owner of the data directory and of all files in it'
      : 'restore the data directory from a backup (docs/operating.md)'
  return wrong(`Database ${file} cannot be used: ${why}`, mend)
}

function checkPostgres({ hostname, port }: URL): Promise<Finding> {
  const where = `${hostname || 'localhost'}:${port || 5432}`
  return new Promise((resolve) => {
    const socket = connect({ host: hostname || 'localhost', port: Number(port || 5432), timeout: TIMEOUT_MS })
    const end = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    const away = (why: string) =>
      wrong(`PostgreSQL does not answer at ${where}: ${why}`, 'start it, or correct STEWARD_DATABASE_URL')
    socket.once('connect', () => end(well(`PostgreSQL answers at ${where}`)))
    socket.once('timeout', () => end(away('timed out')))
    socket.once('error', (error: NodeJS.ErrnoException) => end(away(error.code ?? error.message)))
  })
}
