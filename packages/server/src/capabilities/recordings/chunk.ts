/** How the lines of a recording rest in the database: compressed, then encrypted under the recording's own key. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Terminals repeat themselves: higher levels cost more than twice the time, and save nothing. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** No chunk has more; what claims to has been tampered with. */
const LARGEST = 64 * 1024 * 1024

export interface ChunkKey {
  readonly sessionId: string
  readonly key: Uint8Array
}

/** Under which words the vault seals the key of a recording. */
export function dataKeyAad(sessionId: string): string {
  return `session-recording:${sessionId}`
}

export function newDataKey(): Buffer {
  return randomBytes(32)
}

export function sealChunk({ sessionId, key }: ChunkKey, number: number, lines: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${sessionId}/${number}`))
  const text = Buffer.concat([cipher.update(zstdCompressSync(lines, COMPRESSION)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Its lines. Throws if a byte of it is not as it was, or it belongs elsewhere. */
export function openChunk({ sessionId, key }: ChunkKey, number: number, data: Uint8Array): string[] {
  const head = NONCE_BYTES + TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(`${sessionId}/${number}`)).setAuthTag(data.subarray(NONCE_BYTES, head))
  const compressed = Buffer.concat([decipher.update(data.subarray(head)), decipher.final()])
  return zstdDecompressSync(compressed, { maxOutputLength: LARGEST }).toString().split('\n')
}
