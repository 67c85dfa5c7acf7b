import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** The hash of the first `bytes` of a file, open for more; of all of it without `bytes`. */
export async function hashOf(path: string, bytes = Number.POSITIVE_INFINITY): Promise<Hash> {
  const hash = createHash('sha256')
  if (bytes === 0) return hash
  for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer)
  return hash
}

/** SHA-256 in hexadecimal, as `sha256sum` prints it. */
export async function sumOf(path: string): Promise<string> {
  return (await hashOf(path)).digest('hex')
}

/** What has been hashed so far; the hash itself goes on. */
export function soFar(hash: Hash): string {
  return hash.copy().digest('hex')
}

/** Hands on what it is given, after `look` had it. */
export async function* seen(source: AsyncIterable<Buffer>, look: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    look(chunk)
    yield chunk
  }
}
