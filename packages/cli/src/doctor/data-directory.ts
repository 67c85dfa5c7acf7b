import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
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
  if (!existsSync(data)) {
    return [
      wrong(
        `Data directory ${data} does not exist`,
        'npm start makes it; if the server keeps its data elsewhere, set STEWARD_DATA to that',
      ),
    ]
  }
  return [checkAccess(data), checkSecrets(data), checkSpace(data)]
}

function checkAccess(data: string): Finding {
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return wrong(
      `Data directory ${data} cannot be written by this user`,
      `run as its owner, or: sudo chown -R "$(id -un)" ${data}`,
    )
  }
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
