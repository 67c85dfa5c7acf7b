/** Making objects from bodies. */

import { findKey, keyAccess } from '#capabilities/keys/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, S3AccessCall, S3Answer, S3Request } from '#kernel/declare.ts'
import { type Bucket, type BucketEncryption, objectArn } from './bucket.ts'
import { findBucket, mustFindBucket } from './bucket-store.ts'
import { type Checksum, type ChecksumAlgorithm, DEFAULT_ALGORITHM } from './checksum.ts'
import {
  boundTo,
  contentKeyOf,
  discardFile,
  type MakingCall,
  newEncryption,
  removableAt,
  type Written,
  writeFile,
} from './content.ts'
import { entityTooLarge, noSuchBucket } from './errors.ts'
import type { StoredObject } from './object.ts'
import { findObject, putObject, putPart } from './object-store.ts'
import { checkWriting } from './preconditions.ts'
import {
  checksumHeaders,
  encryptionContext,
  encryptionHeaders,
  type Said,
  saidOfObject,
  wantedEncryption,
} from './said.ts'
import { namedAlgorithm, statedChecksum } from './stated-checksum.ts'
import { tagConditions, taggingHeader } from './tags.ts'
import { checkMd5 } from './xml-body.ts'

const MAX_BODY = 5 * 1024 ** 3
const MAX_KEY = 1024

/** What a caller must be allowed to do to make an object, or begin to. */
export async function makingAccess(request: S3Request, call: S3AccessCall): Promise<Access[]> {
  const resources = [objectArn(request.bucket, request.key)]
  const tags = taggingHeader(request)
  const context = { ...headerConditions(request), ...tagConditions(tags) }
  const demanded: Access[] = [{ action: 's3:PutObject', resources, context }]
  if (Object.keys(tags).length > 0) demanded.push({ action: 's3:PutObjectTagging', resources, context })
  if (request.header('x-amz-acl') !== undefined) demanded.push({ action: 's3:PutObjectAcl', resources, context })
  const bucket = await findBucket(call.db, request.bucket)
  if (bucket) demanded.push(...(await keyDemands(request, call, wantedEncryption(request, bucket))))
  return demanded
}

/** A caller may use the data keys of a KMS key only if it may itself. */
async function keyDemands(request: S3Request, call: S3AccessCall, wanted: BucketEncryption): Promise<Access[]> {
  if (wanted.algorithm === 'AES256' || !wanted.keyId) return []
  const key = await findKey(call.db, call.scope, wanted.keyId)
  if (!key) throw new ApiError('KMS.NotFoundException', `Key '${wanted.keyId}' does not exist`)
  const context = { ...encryptionContext(request), ...boundTo(request.bucket, request.key, wanted.bucketKey) }
  const use = { encryptionContext: context, viaService: 's3', callerAccount: call.scope.account }
  return [await keyAccess(call.db, key, 'kms:GenerateDataKey', use)]
}

const CONDITION_HEADERS = [
  'x-amz-acl',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-content-sha256',
  'if-none-match',
  'if-match',
] as const

export function headerConditions(request: S3Request): Record<string, string> {
  const conditions: Record<string, string> = {}
  for (const name of CONDITION_HEADERS) {
    const value = request.header(name)
    if (value !== undefined) conditions[`s3:${name}`] = value
  }
  return conditions
}

/** Makes an object of the request's body. Nobody sees it before it is whole and proven. */
export async function putBody(request: S3Request, call: MakingCall): Promise<S3Answer> {
  const said = saidOfObject(request)
  const bucket = await call.read((db) => mustFindBucket(db, request.bucket))
  checkKey(request.key)
  checkLength(request)
  const stated = statedChecksum(request)
  const algorithm = stated?.algorithm ?? namedAlgorithm(request) ?? DEFAULT_ALGORITHM
  const present = await call.read((db) => findObject(db, request.bucket, request.key))
  checkWriting(request, present)
  const { etag, attributes } = await makeObject(call, bucket, request, {
    said,
    body: request.body,
    algorithm,
    before: present?.contentId ?? null,
    check(written) {
      checkMd5(request, written.md5)
      stated?.checkDigest(written.checksums.get(algorithm)!)
    },
  })
  return {
    headers: { etag: `"${etag}"`, ...encryptionHeaders(attributes.encryption), ...checksumHeaders(attributes) },
  }
}

interface NewContent {
  readonly said: Said
  readonly body: AsyncIterable<Buffer>
  readonly algorithm: ChecksumAlgorithm
  /** As {@link checkWriting} takes it. */
  readonly before?: string | null
  /** Throws unless what was written is what was meant. */
  check(written: Written): void
}

/** Makes an object at the place that the request names. */
export async function makeObject(
  call: MakingCall,
  bucket: Bucket,
  request: S3Request,
  { said, body, algorithm, before, check }: NewContent,
): Promise<StoredObject> {
  const { key } = request
  const wanted = wantedEncryption(request, bucket)
  const encryption = await newEncryption(call, bucket, key, wanted, encryptionContext(request))
  const contentKey = await contentKeyOf(call, bucket, encryption)
  const written = await writeFile(call, contentKey, body, [algorithm])
  try {
    check(written)
    const checksum: Checksum = { algorithm, value: written.checksums.get(algorithm)!, type: 'FULL_OBJECT' }
    const object: StoredObject = {
      bucket: bucket.name,
      key,
      contentId: call.ids.uuid(),
      size: written.size,
      etag: written.md5.toString('hex'),
      modifiedAt: call.now,
      attributes: { ...said, encryption, checksum },
    }
    const { file, size } = written
    const part = { number: 1, file, size, etag: object.etag, checksum: checksum.value, modifiedAt: call.now }
    await call.write(async (tx) => {
      // Another one of the name would have another key.
      if ((await mustFindBucket(tx, bucket.name)).createdAt !== bucket.createdAt) throw noSuchBucket()
      checkWriting(request, await findObject(tx, bucket.name, key), before)
      await putObject(tx, object, removableAt(call.now))
      await putPart(tx, object.contentId, part, removableAt(call.now))
    })
    return object
  } catch (error) {
    await discardFile(call, written.file)
    throw error
  }
}

/** Throws `KeyTooLongError`. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY) throw new ApiError('KeyTooLongError', 'Your key is too long')
}

/** Throws `MissingContentLength`, `EntityTooLarge`. */
export function checkLength({ body }: S3Request): void {
  if (body.length === undefined)
    throw new ApiError('MissingContentLength', 'You must provide the Content-Length HTTP header.')
  if (body.length > MAX_BODY) throw entityTooLarge()
}
