import { spawn } from 'node:child_process'
import type { CollectionOrder, CollectionResult } from '#inventory/worker-order.ts'
import { ownProgram } from '#own-program.ts'
import type { PluginResult } from '#plugins/plugin.ts'

/** A file system that no longer answers must not hold up what is associated besides. */
const patienceMs = 30 * 60_000

/** Has a worker collect and upload an inventory. Rejects when it ends without a word, as it does when the signal is aborted. */
export async function runCollection(order: CollectionOrder, signal: AbortSignal): Promise<PluginResult> {
  const child = spawn(process.execPath, [ownProgram(), 'inventory-worker'], {
    stdio: 'pipe',
    signal,
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    return () => Buffer.concat(chunks).toString()
  })
  // A worker that cannot read its order tells why in its end.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(order))
  const code = await ended
  if (code !== 0)
    throw new Error(`the collection of inventory ended with ${code ?? child.signalCode}: ${stderr!().trim()}`)
  const result = JSON.parse(stdout!()) as CollectionResult
  return {
    status: result.status,
    code: result.status === 'Success' ? 0 : 1,
    stdout: Buffer.from(result.stdout),
    stderr: Buffer.from(result.stderr),
  }
}
