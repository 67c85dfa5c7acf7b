import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { processIdentity } from '#scripts/processes.ts'

/** Another agent runs on the same state directory: two would run every command twice. */
export class AgentAlreadyRuns extends Error {
  override readonly name = 'AgentAlreadyRuns'
}

/** Takes the lock or throws AgentAlreadyRuns; returns the function that gives it back. A dead owner's lock is taken over. */
export function takeLock(path: string): () => void {
  const identity = processIdentity(process.pid) ?? ''
  const owner = `${process.pid} ${identity}\n`
  for (;;) {
    try {
      writeFileSync(path, owner, { flag: 'wx', mode: 0o600 })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', ...identityParts] = readFileSync(path, 'utf8').trim().split(' ')
    if (isOwner(Number(pid), identityParts.join(' '))) {
      throw new AgentAlreadyRuns(`Process ${pid} already runs on this state directory (${path}).`)
    }
    rmSync(path, { force: true })
  }
}

// The identity tells a living owner from a stranger that got its process id after a reboot.
function isOwner(pid: number, identity: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const now = processIdentity(pid)
  return now !== undefined && (identity === '' || now === identity)
}
