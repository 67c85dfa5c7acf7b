/*
 * A directory, either way. Both ends are compared by checksums first, and only what differs is sent: small files in one stream of tar,
 * large ones by themselves. So a copy that was cut goes on with what is missing. At the end both are compared again.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { remotePath, script } from '@steward/session-client/node-script.ts'
import { Fault } from '#fault.ts'
import { seen } from './checksum.ts'
import { downloadFile, uploadFile } from './copy-file.ts'
import type { Progress } from './progress.ts'
import { type Bytes, outcome, outputOf, type RemoteShell } from './remote-shell.ts'
import { localTree, missing, remoteTree, type Tree } from './tree.ts'

/** Makes `to` on the node hold all that `from` here does; what else is there stays. */
export async function uploadTree(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const source = await localTree(from)
  const wanted = missing(source, await remoteTree(shell, to))
  const { large, names } = split(source, wanted)
  await outputOf(shell, script(`mkdir -p ${remotePath(to)}`))
  if (names.length > 0) {
    const count = beginArchive(to, progress)
    const packed = tar(
      ['-c', '-f', '-', '-C', from, '--null', '-T', '-'],
      names.map((name) => `${name}\0`),
    )
    const unpack = script(`tar -x -o -f - -C ${remotePath(to)}`)
    await Promise.all([outputOf(shell, unpack, seen(packed.output, count)), packed.ended])
  }
  for (const path of large) {
    await outputOf(shell, script(`mkdir -p ${remotePath(dirname(`${to}/${path}`))}`))
    await uploadFile(shell, join(from, path), `${to}/${path}`, progress)
  }
  check(source, await remoteTree(shell, to))
}

/** Makes `to` here hold all that `from` on the node does; what else is here stays. */
export async function downloadTree(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const source = await remoteTree(shell, from)
  await mkdir(to, { recursive: true })
  const wanted = missing(source, await localTree(to))
  const { large, names } = split(source, wanted)
  if (names.length > 0) {
    const count = beginArchive(to, progress)
    const command = shell(script(`cd ${remotePath(from)}`, 'tar -c -f - -T -'))
    const unpacked = tar(['-x', '-o', '-f', '-', '-C', to], seen(command.stdout, count))
    await Promise.all([
      outcome(
        command,
        names.map((name) => `${name}\n`),
      ),
      unpacked.ended,
    ])
  }
  for (const path of large) {
    await mkdir(dirname(join(to, path)), { recursive: true })
    await downloadFile(shell, `${from}/${path}`, join(to, path), progress)
  }
  check(source, await localTree(to))
}

function beginArchive(to: string, progress: Progress): (chunk: Buffer) => void {
  progress.file(`${to} (small files)`, 0, 0)
  return (chunk) => progress.add(chunk.length)
}

function split(source: Tree, wanted: readonly string[]): { large: string[]; names: string[] } {
  const large = wanted.filter((path) => source.large.has(path))
  return { large, names: [...wanted.filter((path) => !source.large.has(path)), ...source.others] }
}

function check(source: Tree, target: Tree): void {
  const [first, ...more] = missing(source, target)
  if (first === undefined) return
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  throw new Fault(`${first}${others} changed while it was copied.`, {
    mend: 'Copy again: only what differs is sent.',
    exitCode: 1,
  })
}

/** The tar of this machine, which every system brings; it knows how to unpack what is not to be trusted. */
function tar(words: readonly string[], input: Bytes): { output: Readable; ended: Promise<void> } {
  const child = spawn('tar', words, { stdio: 'pipe' })
  const complaint = buffer(child.stderr)
  const ended = Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    pipeline(input, child.stdin).catch(() => {}),
  ]).then(async ([[code]]) => {
    if (code !== 0) throw new Fault(`tar failed here: ${(await complaint).toString().trim()}`, { exitCode: 1 })
  })
  return { output: child.stdout, ended }
}
