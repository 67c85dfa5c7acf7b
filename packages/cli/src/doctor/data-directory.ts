import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const SECRETS = [
  'root-key.json',
  'master.key',
  'audit.key',
  'credentials.key',
  'page-tokens.key',
  'ca-key.pem',
  'tls-key.pem',
]
const MIB = 1024 * 1024

/** Whether the server can keep its state there, and nobody else can read it. */
export function checkDataDirectory(data: string): Finding[] {
  const elsewhere = 'set STEWARD_DATA to the directory of the server'
  if (!existsSync(data)) {
    const mend = mayUse(existingParent(data))
      ? `npm start makes it; if the server keeps its data elsewhere, ${elsewhere}`
      : `and this user cannot make it; ${elsewhere}, or to one that may be made`
    return [wrong(`Data directory ${data} does not exist`, mend)]
  }
  if (!statSync(data).isDirectory()) return [wrong(`Data directory ${data} is no directory`, elsewhere)]
  return [checkAccess(data), checkSecrets(data), checkSpace(data)]
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path))
}

function mayUse(path: string): boolean {
  const { R_OK, W_OK, X_OK } = constants
  try {
    accessSync(path, statSync(path).isDirectory() ? R_OK | W_OK | X_OK : R_OK | W_OK)
    return true
  } catch {
    return false
  }
}

/** A start as another user, such as one with sudo, leaves files that this user may not touch. */
function checkAccess(data: string): Finding {
  const mend = `run as its owner, or: sudo chown -R "$(id -un)" ${data}`
  if (!mayUse(data)) return wrong(`Data directory ${data} cannot be written by this user`, mend)
  const closed = readdirSync(data).filter((name) => !mayUse(join(data, name)))
  if (closed.length > 0) return wrong(`Not this user's in data directory ${data}: ${closed.join(', ')}`, mend)
  return well(`Data directory ${data}`)
}

/** The directory keeps others out; should it not, each secret file must. */
function checkSecrets(data: string): Finding {
  const open = [data, ...SECRETS.map((name) => join(data, name)).filter((path) => existsSync(path))].filter(
    othersMayRead,
  )
  if (open.length === 0) return well('Secrets are readable by their owner only')
  const files = open.filter((path) => path !== data)
  if (files.length > 0)
    return wrong(`Open to others than their owner: ${files.join(', ')}`, `chmod 600 ${files.join(' ')}`)
  return doubtful(`Others may look into ${data}`, `chmod 700 ${data}`)
}

function othersMayRead(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0
}

function checkSpace(data: string): Finding {
  const { bavail, bsize } = statfsSync(data)
  const free = Math.floor((bavail * bsize) / MIB)
  const says = `${free >= 10_240 ? `${Math.floor(free / 1024)} GiB` : `${free} MiB`} free on the disk of the data directory`
  const mend = 'make room, or move the data directory (STEWARD_DATA) to a larger disk'
  if (free < 100) return wrong(`Only ${says}`, mend)
  return free < 1024 ? doubtful(`Only ${says}`, mend) : well(says)
}
