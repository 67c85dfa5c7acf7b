/*
 * What is on the disk of a session while it runs: who runs it and how it ended, so that the agent, or the next agent, can end
 * it and tell the server; and the worker's log.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateDirectory, replaceFile } from '#durable-file.ts'
import { processIdentity } from '#scripts/processes.ts'
import type { SessionEnd } from '#sessions/session-kind.ts'
import type { TranscriptPlaces } from '#sessions/transcript.ts'

/** How a session ended, and where its log is. */
export type SessionResult = SessionEnd & TranscriptPlaces

/** Session ids name folders. */
export function isSessionId(text: string): boolean {
  return /^(?!\.+$)[A-Za-z0-9._-]{1,96}$/.test(text)
}

export class SessionFolder {
  readonly path: string

  constructor(sessions: string, sessionId: string) {
    this.path = join(sessions, sessionId)
  }

  get log(): string {
    return join(this.path, 'log')
  }

  async create(): Promise<void> {
    await makePrivateDirectory(this.path)
  }

  /** Notes who runs the session, in a way that survives a process id that is used again. */
  setWorker(pid: number): void {
    writeFileSync(join(this.path, 'worker'), `${pid} ${processIdentity(pid) ?? ''}`, { mode: 0o600 })
  }

  /** The process id of the worker, if it still runs. */
  worker(): number | undefined {
    const [pid = '', ...identity] = readText(join(this.path, 'worker')).split(' ')
    const runs = pid !== '' && processIdentity(Number(pid)) === identity.join(' ')
    return runs ? Number(pid) : undefined
  }

  async setResult(result: SessionResult): Promise<void> {
    await replaceFile(join(this.path, 'result'), JSON.stringify(result))
  }

  result(): SessionResult | undefined {
    const text = readText(join(this.path, 'result'))
    return text ? (JSON.parse(text) as SessionResult) : undefined
  }

  /** The last lines of the worker's log. */
  lastWords(): string {
    return readText(this.log).trim().split('\n').slice(-3).join('; ')
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The sessions that have a folder. */
export function sessionIds(sessions: string): string[] {
  try {
    return readdirSync(sessions, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return []
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
