/*
 * Whom a session runs as. Users are looked up by getent, so that directories (LDAP, SSSD) count, and by /etc/passwd where
 * there is no getent. Going over to a user is left to setpriv, runuser or su: Node can change user and group of a child but
 * would take all further groups from it.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import * as os from 'node:os'
import { join } from 'node:path'
import { quoted } from '#sessions/command-line.ts'
import { SessionError } from '#sessions/session-error.ts'

export type User = { name: string; uid: number; gid: number; groups: number[]; home: string; shell: string }

/** A user of this machine; undefined when there is none of that name. */
export async function findUser(name: string): Promise<User | undefined> {
  const [entry = '', groups = ''] = (await lookUp(name)).split('\n-\n')
  const fields = (entry || passwdLine(name)).split(':')
  if (fields[0] !== name || fields.length < 7) return undefined
  const gid = Number(fields[3])
  return {
    name,
    uid: Number(fields[2]),
    gid,
    groups: groups.trim() ? groups.trim().split(' ').map(Number) : [gid],
    home: fields[5]!,
    shell: fields[6] || '/bin/sh',
  }
}

/** Who this process is. */
export function ownUser(): User {
  const { username, uid, gid, homedir, shell } = os.userInfo()
  return { name: username, uid, gid, groups: process.getgroups?.() ?? [], home: homedir, shell: shell ?? '/bin/sh' }
}

/** The command that runs `command` as a user, with the user's groups and no others. Throws when this node has no way. */
export function commandAs(user: User, command: string[]): string[] {
  if (user.uid === process.getuid?.()) return command
  const { uid, gid, groups, name } = user
  if (has('setpriv')) {
    return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`, '--', ...command]
  }
  if (has('runuser')) return ['runuser', '-u', name, '--', ...command]
  if (has('su')) return ['su', '-s', '/bin/sh', '-c', `exec ${command.map(quoted).join(' ')}`, name]
  throw new SessionError('none of setpriv, runuser and su is installed on this node')
}

/** One process for both questions: this is on the way to the first prompt. */
function lookUp(name: string): Promise<string> {
  const script = 'getent passwd "$1"; echo -; id -G "$1"'
  return new Promise((resolve) => {
    execFile('sh', ['-c', script, 'sh', name], (_, stdout) => resolve(stdout))
  })
}

function passwdLine(name: string): string {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.find((line) => line.startsWith(`${name}:`)) ?? ''
}

/** Whether a program is installed. Those of busybox are passed over: its setpriv cannot change users. */
function has(program: string): boolean {
  const paths = (process.env.PATH ?? '').split(':').map((directory) => join(directory, program))
  return paths.some((path) => existsSync(path) && (program === 'su' || !realpathSync(path).endsWith('/busybox')))
}
