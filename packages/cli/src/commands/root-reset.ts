import { randomInt } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { Api } from '#api.ts'
import { localConnection } from '#connection.ts'
import { ApiFault, EXIT, Fault, ServerAway } from '#fault.ts'
import type { Io } from '#io.ts'
import { type Credentials, localInstallation } from '#local-installation.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** The server looks every second. */
const TAKEN_MS = 10_000
const LOOK_MS = 250

/**
 * Makes a new root key, on the machine that has the data directory: for when the old one is lost, or known to somebody else. A running
 * server takes it within a second, a stopped one when it starts; either way the change is on the audit trail.
 */
export async function rootReset(io: Io): Promise<void> {
  const local = localInstallation(io.env)
  if (io.env.STEWARD_ROOT_ACCESS_KEY_ID) {
    throw new Fault(
      'The root key is set in the environment (STEWARD_ROOT_ACCESS_KEY_ID), where only you can change it.',
      {
        mend: 'Set another one and start the server again; that is on the audit trail too.',
        exitCode: EXIT.failed,
      },
    )
  }
  if (!existsSync(local.data)) {
    throw new Fault(`The data directory ${local.data} does not exist.`, {
      mend: 'Set STEWARD_DATA to the data directory of the server.',
    })
  }
  const path = join(local.data, 'root-key.json')
  const before = accessKeyIn(path)
  const key: Credentials = { accessKeyId: `AKIA${random(16).toUpperCase()}`, secretAccessKey: random(40) }
  const reset = { at: new Date().toISOString(), by: `${userInfo().username} on this machine` }
  replaceFile(path, `${JSON.stringify({ ...key, reset }, null, 2)}\n`, local.data)
  io.stdout.write(`The root key is now ${key.accessKeyId}${before ? `; ${before} is void` : ''}. It is in ${path}.\n`)
  io.stdout.write(`${await sayWhetherTaken(new Api(localConnection(io.env, local)))}\n`)
}

/** Whole or not at all, readable by the owner of the data directory only, who is the one that runs the server. */
function replaceFile(path: string, text: string, data: string): void {
  const temporary = `${path}.new`
  const fd = openSync(temporary, 'w', 0o600)
  fchmodSync(fd, 0o600)
  writeFileSync(fd, text)
  fsyncSync(fd)
  closeSync(fd)
  const { uid, gid } = statSync(data)
  if (process.getuid?.() === 0) chownSync(temporary, uid, gid)
  renameSync(temporary, path)
}

async function sayWhetherTaken(api: Api): Promise<string> {
  const until = performance.now() + TAKEN_MS
  for (;;) {
    try {
      await api.steward('ListMasterKeys', {})
      return 'The running server has taken it. For this shell:  eval "$(npx steward env)"'
    } catch (error) {
      if (error instanceof ServerAway) return 'No server is running here; it takes the key when it starts.'
      if (!(error instanceof ApiFault)) throw error
      if (performance.now() > until) {
        throw new Fault('The running server does not take the new root key.', {
          mend: 'It may have another data directory, or its root key from its environment; npx steward doctor looks closer.',
          exitCode: EXIT.failed,
        })
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function accessKeyIn(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Partial<Credentials>).accessKeyId
  } catch {
    return undefined
  }
}

function random(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
