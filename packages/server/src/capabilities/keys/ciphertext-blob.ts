/**
 * What KMS calls a ciphertext blob: a message encrypted under one version of a symmetric key. The blob names key and version, so it
 * is decrypted without being told which; and it opens only with the encryption context it was made with.
 *
 * Each message has an AES-256-GCM key of its own, drawn from the key's secret and the blob's salt: the number of messages under one
 * key is then no concern, as it would be with random nonces alone.
 *
 * Blob: format (1 byte, now 1), key id (16), version (4), salt (16), nonce (12), tag (16), then the ciphertext. All before the tag
 * is authenticated, together with the context.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

export type EncryptionContext = Readonly<Record<string, string>>

/** Which secret a blob needs. */
export interface BlobHead {
  readonly keyId: string
  readonly version: number
}

const FORMAT = 1
const SALT_AT = 21
const NONCE_AT = SALT_AT + 16
const TAG_AT = NONCE_AT + 12
const TEXT_AT = TAG_AT + 16

/** `secret` is that of the key's version. */
export function sealBlob(
  secret: Uint8Array,
  { keyId, version }: BlobHead,
  plain: Uint8Array,
  context: EncryptionContext,
): Buffer {
  const head = Buffer.alloc(TAG_AT)
  head[0] = FORMAT
  head.write(keyId.replaceAll('-', ''), 1, 'hex')
  head.writeUInt32BE(version, 17)
  randomBytes(TAG_AT - SALT_AT).copy(head, SALT_AT)
  const cipher = createCipheriv('aes-256-gcm', messageKey(secret, head), head.subarray(NONCE_AT))
  cipher.setAAD(Buffer.concat([head, canonical(context)]))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([head, cipher.getAuthTag(), text])
}

/** Undefined if it is no blob of ours. */
export function readBlobHead(blob: Uint8Array): BlobHead | undefined {
  if (blob.length < TEXT_AT || blob[0] !== FORMAT) return undefined
  const bytes = view(blob)
  const hex = bytes.toString('hex', 1, 17)
  return { keyId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), version: bytes.readUInt32BE(17) }
}

/** Undefined if the blob was changed, or was made with another secret or context. */
export function openBlob(secret: Uint8Array, blob: Uint8Array, context: EncryptionContext): Buffer | undefined {
  const bytes = view(blob)
  const head = bytes.subarray(0, TAG_AT)
  const decipher = createDecipheriv('aes-256-gcm', messageKey(secret, head), head.subarray(NONCE_AT), {
    authTagLength: 16,
  })
  decipher.setAAD(Buffer.concat([head, canonical(context)]))
  decipher.setAuthTag(bytes.subarray(TAG_AT, TEXT_AT))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(TEXT_AT)), decipher.final()])
  } catch {
    return undefined
  }
}

function messageKey(secret: Uint8Array, head: Buffer): Buffer {
  return createHmac('sha256', secret).update('steward kms message').update(head.subarray(SALT_AT, NONCE_AT)).digest()
}

/** The same bytes for the same pairs in whatever order, and other bytes for others. */
function canonical(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
