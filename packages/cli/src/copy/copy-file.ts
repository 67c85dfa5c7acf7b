/* One file, either way: the node's part, and why it is as it is, is in the scripts. */
import type { Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, rename, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Base64Output } from '@steward/session-client/base64-output.ts'
import { downloadScripts, PART, SLICE_BYTES, uploadScripts } from '@steward/session-client/copy-scripts.ts'
import { Fault } from '#fault.ts'
import { hashOf, seen, soFar } from './checksum.ts'
import type { Progress } from './progress.ts'
import { outcome, outputOf, printedBy, type RemoteCommand, type RemoteShell } from './remote-shell.ts'

type DownloadScripts = ReturnType<typeof downloadScripts>

/** A destination that is a directory takes the file in under its own name. */
export async function uploadFile(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const { size, mode } = await stat(from)
  const scripts = uploadScripts(to, basename(from))
  const [haveText, haveSum] = (await outputOf(shell, scripts.look)).split('\n')
  const have = Number(haveText)
  const there = have <= size ? await hashOf(from, have) : undefined
  const start = there && have > 0 && soFar(there) === haveSum ? have : 0
  const hash = start > 0 ? there! : await hashOf(from, 0)
  progress.file(basename(from), size, start)
  const look = watching(hash, progress)
  const input = seen(createReadStream(from, { start, highWaterMark: 1 << 18 }), look)
  const sum = await outputOf(shell, scripts.receive(start), input)
  if (sum !== soFar(hash)) throw changed(from)
  await outputOf(shell, scripts.finish((mode & 0o777).toString(8)))
}

/** `to` is the file's own path. */
export async function downloadFile(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const scripts = downloadScripts(from)
  const first = shell(scripts.look)
  const [sizeText, permissions] = (await printedBy(first)).split('\n')
  const exact = await first.exact
  const size = Number(sizeText)
  const part = `${to}${PART}`
  const partSize = (await stat(part).catch(() => undefined))?.size ?? 0
  const have = partSize <= size ? partSize : 0
  const there = await hashOf(part, have)
  const same = have > 0 && soFar(there) === (await outputOf(shell, scripts.sumOfFirst(have)))
  const [start, hash] = same ? [have, there] : [0, await hashOf(part, 0)]
  progress.file(basename(to), size, start)
  const look = watching(hash, progress)
  const file = createWriteStream(part, start > 0 ? { flags: 'r+', start } : {})
  const bytes = exact ? printed(shell(scripts.send(start))) : sliced(shell, scripts, start, size)
  await pipeline(bytes, (chunks) => seen(chunks, look), file)
  if (soFar(hash) !== (await outputOf(shell, scripts.sum))) throw changed(from)
  if (permissions) await chmod(part, Number.parseInt(permissions, 8) & 0o777)
  await rename(part, to)
}

/** From an agent that takes output for text. */
async function* sliced(shell: RemoteShell, { slice }: DownloadScripts, start: number, size: number) {
  for (let at = start; at < size; at += SLICE_BYTES) {
    const output = new Base64Output()
    for await (const piece of printed(shell(slice(at)))) yield Buffer.from(output.decode(piece).buffer)
  }
}

/** What a command prints; throws Fault at the end unless it succeeded. */
async function* printed(command: RemoteCommand): AsyncGenerator<Buffer> {
  const succeeded = outcome(command)
  succeeded.catch(() => {})
  yield* command.stdout as AsyncIterable<Buffer>
  await succeeded
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
