/*
 * Whom a session runs as: root where a document says so, the run-as user where preferences say so, else `ssm-user`, who is
 * made at the first session and may become root by sudo unless the node's configuration says no. An agent that is not root
 * runs everything as itself.
 */
import { execFile } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { SessionSettings } from '#configuration.ts'
import { sentenceOf } from '#log.ts'
import { SessionError } from '#sessions/session-error.ts'
import type { SessionRequest } from '#sessions/session-request.ts'
import { findUser, ownUser, type User } from '#sessions/user.ts'

export const defaultUser = 'ssm-user'

const sudoersDirectory = '/etc/sudoers.d'
const sudoersFile = `${sudoersDirectory}/ssm-agent-users`

/** The user of a session's program. Throws SessionError when there is none that it may run as. */
export async function sessionUser(request: SessionRequest, settings: SessionSettings): Promise<User> {
  const own = ownUser()
  if (request.runAsElevated) {
    if (own.uid !== 0) throw new SessionError('the agent must run as root for runAsElevated')
    return own
  }
  if (request.runAsEnabled) return runAsUser(request.runAsUser, own)
  return own.uid === 0 ? standardUser(settings) : own
}

async function runAsUser(name: string, own: User): Promise<User> {
  if (name.trim() === '') throw new SessionError('please set the RunAs default user')
  if (own.uid !== 0 && name !== own.name) throw new SessionError('the agent must run as root to use RunAs')
  const user = await findUser(name)
  if (!user) throw new SessionError(`failed to start pty since RunAs user ${name} does not exist`)
  if (user.uid === 0 || user.gid === 0) throw new SessionError(`RunAs user ${name} must not be root or of its group`)
  return user
}

async function standardUser(settings: SessionSettings): Promise<User> {
  const name = settings.user ?? defaultUser
  const user = (await findUser(name)) ?? (await madeUser(name))
  if (name === defaultUser) allowSudo(settings.sudo ?? true)
  return user
}

async function madeUser(name: string): Promise<User> {
  if (name !== defaultUser) throw new SessionError(`the user ${name} of this node's configuration does not exist`)
  try {
    await makeUser()
  } catch (error) {
    // Another session may have made it at the same moment.
    if (!(await findUser(defaultUser))) throw new SessionError(`${name} could not be created: ${sentenceOf(error)}`)
  }
  const user = await findUser(name)
  if (!user) throw new SessionError(`${name} was created but cannot be found`)
  return user
}

async function makeUser(): Promise<void> {
  try {
    await run('useradd', ['-m', '-s', '/bin/sh', defaultUser])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await run('adduser', ['-D', '-s', '/bin/sh', defaultUser]) // busybox
  }
}

/** Gives ssm-user sudo without a password, or takes back what an earlier session gave. */
function allowSudo(allowed: boolean): void {
  if (allowed === existsSync(sudoersFile) || !existsSync(sudoersDirectory)) return
  const rules = `# User rules for ${defaultUser}\n${defaultUser} ALL=(ALL) NOPASSWD:ALL\n`
  if (allowed) writeFileSync(sudoersFile, rules, { mode: 0o440 })
  else rmSync(sudoersFile, { force: true })
}

function run(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error) => (error ? reject(error) : resolve()))
  })
}
