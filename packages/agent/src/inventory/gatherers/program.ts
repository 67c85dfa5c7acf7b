import { execFile } from 'node:child_process'

/** Package managers wait for each other's locks; longer than this nobody does. */
const patienceMs = 5 * 60_000
const mostBytes = 64 * 2 ** 20

/** What a program writes, in the C locale; undefined where there is no such program. Throws when it fails. */
export function outputOf(program: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin` }
    const options = { env, timeout: patienceMs, maxBuffer: mostBytes }
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout)
      else if (error.code === 'ENOENT') resolve(undefined)
      else reject(new Error(`${program} failed: ${stderr.trim() || error.message}`))
    })
  })
}
