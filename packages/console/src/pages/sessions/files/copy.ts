/** Files between this browser and a node, as `steward cp` copies them: the same scripts, so what either of them began the other goes on with. */
import { Base64Output } from '@steward/session-client/base64-output.ts'
import { downloadScripts, SLICE_BYTES, uploadScripts } from '@steward/session-client/copy-scripts.ts'
import { Sha256 } from '@steward/session-client/sha256.ts'
import { Failure } from '#api/failure.ts'
import { fileTexts } from '#texts/files.ts'
import { outputOnNode, runOnNode } from './remote-command.ts'

export interface Copying {
  readonly nodeId: string
  readonly signal: AbortSignal
  /** How many bytes are there, and of how many. */
  readonly progress: (done: number, size: number) => void
}

/** To the node: the file's own name in a directory, else the name that `to` gives it. */
export async function uploadFile(file: File, to: string, { nodeId, signal, progress }: Copying): Promise<void> {
  const scripts = uploadScripts(to, file.name)
  const [haveText, haveSum] = (await outputOnNode(nodeId, scripts.look, { signal })).split('\n')
  const have = Number(haveText)
  const there = have > 0 && have <= file.size ? await hashOf(file.slice(0, have), signal) : undefined
  const start = there && there.hex() === haveSum ? have : 0
  const hash = start > 0 && there ? there : new Sha256()
  let done = start
  progress(done, file.size)
  const input = seen(file.slice(start), (bytes) => {
    hash.update(bytes)
    done += bytes.length
    progress(done, file.size)
  })
  const sum = await outputOnNode(nodeId, scripts.receive(start), { input, signal })
  if (sum !== hash.hex()) throw changed()
  await outputOnNode(nodeId, scripts.finish(undefined), { signal })
}

/** From the node. */
export async function downloadFile(from: string, { nodeId, signal, progress }: Copying): Promise<Blob> {
  const scripts = downloadScripts(from)
  let exact = false
  const begun = (is: boolean) => (exact = is)
  const size = Number((await outputOnNode(nodeId, scripts.look, { signal, begun })).split('\n')[0])
  const hash = new Sha256()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    hash.update(bytes)
    parts.push(bytes)
    done += bytes.length
    progress(done, size)
  }
  progress(done, size)
  if (exact) await runOnNode(nodeId, scripts.send(0), { signal, output: (bytes) => take(bytes.slice()) })
  for (let at = 0; !exact && at < size; at += SLICE_BYTES) {
    const base64 = new Base64Output()
    await runOnNode(nodeId, scripts.slice(at), { signal, output: (printed) => take(base64.decode(printed)) })
  }
  if (hash.hex() !== (await outputOnNode(nodeId, scripts.sum, { signal }))) throw changed()
  return new Blob(parts)
}

/** The last part of a path. */
export function fileNameOf(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) || 'file'
}

async function hashOf(blob: Blob, signal: AbortSignal): Promise<Sha256> {
  const hash = new Sha256()
  for await (const bytes of seen(blob, () => signal.throwIfAborted())) hash.update(bytes)
  return hash
}

/** Not every browser can iterate a stream. */
async function* seen(blob: Blob, look: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    look(read.value)
    yield read.value
  }
}

function changed(): Failure {
  return new Failure({ code: 'NotTheSame', message: fileTexts.changed })
}
