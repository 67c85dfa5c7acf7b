import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { sshConfig } from '#sessions/ssh-config.ts'

const STEWARD = fileURLToPath(new URL('../../bin/steward.mjs', import.meta.url))
const INCLUDE = 'Include steward.conf'

/** Prints what ssh needs to reach nodes, or writes it where ssh finds it. */
export async function writeSshConfig(io: Io, options: { user?: string; write?: boolean }): Promise<void> {
  const api = new Api(connection(io.env))
  const nodes = await pages(
    (NextToken) => api.ssm('DescribeInstanceInformation', { MaxResults: 50, NextToken }),
    ({ InstanceInformationList }) => InstanceInformationList,
  )
  const text = sshConfig(nodes, [process.execPath, STEWARD, 'ssh-proxy'], options.user)
  if (!options.write) {
    io.stdout.write(text)
    return
  }
  const folder = join(io.env.HOME || homedir(), '.ssh')
  install(folder, text)
  io.stderr.write(`Written to ${join(folder, 'steward.conf')}, which ${join(folder, 'config')} includes.\n`)
}

/** The line that includes it stands first: in the block of a host it would hold for that host only. */
function install(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'steward.conf'), text, { mode: 0o600 })
  const config = join(folder, 'config')
  const before = existsSync(config) ? readFileSync(config, 'utf8') : ''
  if (before.split('\n').includes(INCLUDE)) return
  writeFileSync(config, before === '' ? `${INCLUDE}\n` : `${INCLUDE}\n\n${before}`, { mode: 0o600 })
}
