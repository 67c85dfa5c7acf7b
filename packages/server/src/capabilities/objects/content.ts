/**
 * What objects contain. A file that is about to be written is on the list of garbage before its first byte, and comes off it in the
 * transaction that makes it part of an object; so whenever the server is killed, no file is lost sight of, and no object lacks one.
 * What is replaced or deleted stays for a while, for those who are still reading it.
 */
import { randomBytes } from 'node:crypto'
import { decryptBlob, encryptUnder, findKey, managedKey } from '#capabilities/keys/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { S3Call } from '#kernel/declare.ts'
import type { Bucket, BucketEncryption } from './bucket.ts'
import { bucketArn, objectArn } from './bucket.ts'
import { bucketKeyAad } from './bucket-store.ts'
import { type ChecksumAlgorithm, digestOf } from './checksum.ts'
import { readContent, removeContent, writeContent } from './content-file.ts'
import { entityTooLarge, unableToHandle } from './errors.ts'
import type { Encryption, Part } from './object.ts'
import { addGarbage, forgetGarbage } from './object-store.ts'

/** How long a file may be written. */
const WRITING_MS = 86_400_000
/** How long what was replaced may still be read. */
const READING_MS = 3_600_000
const MAX_PART = 5 * 1024 ** 3
/** A disk that is full, fails or takes no writes, or too many open files: troubles of the machine, which pass. */
const TROUBLE = new Set(['EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE', 'ENOSPC', 'EROFS'])

/** What making and removing objects takes of the one who does it: a request, or the server by itself. */
export type MakingCall = Pick<S3Call, 'scope' | 'now' | 'ids' | 'vault' | 'read' | 'write' | 'contentFolder'>

/** When a file may go that is replaced now. */
export function removableAt(now: Date): Date {
  return new Date(now.getTime() + READING_MS)
}

/** What was written, and its digests in base64. */
export interface Written {
  readonly file: string
  readonly size: number
  readonly md5: Buffer
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>
}

/** Writes a body to a new file. Throws `EntityTooLarge`, `ServiceUnavailable`, and what the body throws. */
export async function writeFile(
  call: MakingCall,
  contentKey: Uint8Array,
  body: AsyncIterable<Buffer>,
  algorithms: readonly ChecksumAlgorithm[],
): Promise<Written> {
  const { contentFolder: folder, now } = call
  const file = call.ids.uuid()
  const digests = new Map(['MD5' as const, ...algorithms].map((algorithm) => [algorithm, digestOf(algorithm)]))
  await call.write((tx) => addGarbage(tx, file, new Date(now.getTime() + WRITING_MS)))
  const size = await writeContent({ folder, file, contentKey }, digested(body, [...digests.values()])).catch(
    async (error: unknown) => {
      await discardFile(call, file)
      throw TROUBLE.has(String((error as NodeJS.ErrnoException).code)) ? unableToHandle(error) : error
    },
  )
  const checksums = new Map([...digests].map(([algorithm, digest]) => [algorithm, digest.base64()]))
  return { file, size, md5: Buffer.from(checksums.get('MD5')!, 'base64'), checksums }
}

/** Removes a file that became part of nothing. */
export async function discardFile(call: MakingCall, file: string): Promise<void> {
  await removeContent(call.contentFolder, file)
  await call.write((tx) => forgetGarbage(tx, [file]))
}

async function* digested(
  body: AsyncIterable<Buffer>,
  digests: readonly { update(bytes: Uint8Array): void }[],
): AsyncGenerator<Buffer> {
  let size = 0
  for await (const bytes of body) {
    size += bytes.length
    if (size > MAX_PART) throw entityTooLarge()
    for (const digest of digests) digest.update(bytes)
    yield bytes
  }
}

/** The bytes of a content from `start` up to, but without, `end`. */
export async function* readParts(
  folder: string,
  contentKey: Uint8Array,
  parts: readonly Part[],
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  let at = 0
  for (const { file, size } of parts) {
    if (at < end && at + size > start) {
      yield* readContent({ folder, file, contentKey }, size, Math.max(0, start - at), Math.min(size, end - at))
    }
    at += size
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Keys

/** How a new object is encrypted: as its sender asks, else as the bucket says. Throws KMS's errors. */
export function newEncryption(
  call: MakingCall,
  bucket: Bucket,
  key: string,
  wanted: BucketEncryption,
  context: Readonly<Record<string, string>>,
): Promise<Encryption> {
  if (wanted.algorithm === 'AES256') return Promise.resolve({ algorithm: 'AES256' })
  return call.write(async (db) => {
    const making = { ...call, db }
    const kmsKey = wanted.keyId ? await findKey(db, call.scope, wanted.keyId) : await managedKey(making, 's3')
    if (!kmsKey) throw new ApiError('KMS.NotFoundException', `Key '${wanted.keyId}' does not exist`)
    const full = { ...context, ...boundTo(bucket.name, key, wanted.bucketKey) }
    const blob = await encryptUnder(making, kmsKey, randomBytes(32), full)
    const kept = { keyArn: kmsKey.arn, blob: blob.toString('base64'), context: full, bucketKey: wanted.bucketKey }
    return { algorithm: 'aws:kms', ...kept }
  })
}

/** S3 adds to a caller's encryption context whose data it is. */
export function boundTo(bucket: string, key: string, bucketKey: boolean): Record<string, string> {
  return { 'aws:s3:arn': bucketKey ? bucketArn(bucket) : objectArn(bucket, key) }
}

/** The key from which those of a content's files follow. */
export async function contentKeyOf(
  call: Pick<MakingCall, 'scope' | 'vault' | 'read'>,
  bucket: Bucket,
  encryption: Encryption,
): Promise<Uint8Array> {
  if (encryption.algorithm === 'AES256') return call.vault.open(bucket.sealedKey, bucketKeyAad(bucket.name))
  const { blob, context, keyArn } = encryption
  const region = keyArn.split(':')[3]!
  const scope = { ...call.scope, region }
  return call.read(
    async (db) => (await decryptBlob({ ...call, db, scope }, Buffer.from(blob, 'base64'), context)).plain,
  )
}
