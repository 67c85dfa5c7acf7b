/** What an unprivileged person does with the line that makes a machine a node. */
import { execFile, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Somebody who is not root: the installer must not touch the machine that tests run on. */
const NOBODY = 65_534

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

export const hasCurl = spawnSync('curl', ['--version']).status === 0

export function homeOfNobody(): string {
  const home = mkdtempSync(join(tmpdir(), 'steward-home-'))
  if (process.getuid?.() === 0) chownSync(home, NOBODY, NOBODY)
  return home
}

/** What that person's shell does with the line. */
export function paste(line: string, home: string): Promise<Outcome> {
  const env = { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin' }
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  return start('sh', ['-c', line.replace('| sudo sh', '| sh')], { env, cwd: home, ...owner })
}

/** Undoes it; answers what it said. */
export function unpaste(line: string, home: string): Promise<Outcome> {
  return paste(`${line.split(' --activation-id')[0]} --uninstall`, home)
}

export function start(command: string, args: string[], options: object): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, encoding: 'utf8' }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err })
    })
  })
}
