/*
 * One file, either way. What has arrived stands beside its destination as NAME.steward-part until all of it is there and its checksum
 * is right; only then does it take the name. So nobody ever sees half a file, and a copy that was cut goes on where it stopped, provided
 * that what is there is how the file begins.
 */
import type { Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, rename, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault } from '#fault.ts'
import { quoteForSh } from '#shell-exports.ts'
import { hashOf, seen, soFar } from './checksum.ts'
import type { Progress } from './progress.ts'
import { outcome, outputOf, type RemoteShell, remotePath, script } from './remote-shell.ts'

const PART = '.steward-part'

/** A destination that is a directory takes the file in under its own name. */
export async function uploadFile(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const { size, mode } = await stat(from)
  const target = `t=${remotePath(to)}; if [ -d "$t" ]; then t="$t"/${quoteForSh(basename(from))}; fi; p="$t"${PART}`
  const [haveText, haveSum] = (
    await outputOf(shell, script(target, 'if [ -f "$p" ]; then wc -c < "$p"; sum < "$p"; else echo 0; fi'))
  ).split('\n')
  const have = Number(haveText)
  const there = have <= size ? await hashOf(from, have) : undefined
  const start = there && have > 0 && soFar(there) === haveSum ? have : 0
  const hash = start > 0 ? there! : await hashOf(from, 0)
  progress.file(basename(from), size, start)
  const look = watching(hash, progress)
  const input = seen(createReadStream(from, { start, highWaterMark: 1 << 18 }), look)
  const sum = await outputOf(shell, script(target, `cat ${start > 0 ? '>>' : '>'} "$p"`, 'sum < "$p"'), input)
  if (sum !== soFar(hash)) throw changed(from)
  const permissions = (mode & 0o777).toString(8)
  await outputOf(shell, script(target, `chmod ${permissions} "$p"`, 'mv -f "$p" "$t"'))
}

/** `to` is the file's own path. */
export async function downloadFile(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const source = `f=${remotePath(from)}`
  const mode = 'stat -c %a "$f" 2>/dev/null || stat -f %Lp "$f"'
  const [sizeText, permissions] = (await outputOf(shell, script(source, 'wc -c < "$f"', mode))).split('\n')
  const size = Number(sizeText)
  const part = `${to}${PART}`
  const have = Math.min((await stat(part).catch(() => undefined))?.size ?? 0, size)
  const there = await hashOf(part, have)
  const same = have > 0 && soFar(there) === (await outputOf(shell, script(source, `head -c ${have} "$f" | sum`)))
  const [start, hash] = same ? [have, there] : [0, await hashOf(part, 0)]
  progress.file(basename(to), size, start)
  const command = shell(script(source, `tail -c +${start + 1} "$f"`))
  const look = watching(hash, progress)
  const file = createWriteStream(part, start > 0 ? { flags: 'r+', start } : {})
  await Promise.all([pipeline(command.stdout, (bytes) => seen(bytes, look), file), outcome(command)])
  if (soFar(hash) !== (await outputOf(shell, script(source, 'sum < "$f"')))) throw changed(from)
  if (permissions) await chmod(part, Number.parseInt(permissions, 8) & 0o777)
  await rename(part, to)
}

function watching(hash: Hash, progress: Progress): (chunk: Buffer) => void {
  return (chunk) => {
    hash.update(chunk)
    progress.add(chunk.length)
  }
}

function changed(path: string): Fault {
  return new Fault(`${path} is not the same at both ends: it changed meanwhile, or was damaged on the way.`, {
    mend: 'Copy it again.',
    exitCode: 1,
  })
}
