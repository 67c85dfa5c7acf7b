/** What the headers of a request say of an object, and the headers that say it again. */

import { ApiError } from '#kernel/api-error.ts'
import type { S3Request } from '#kernel/declare.ts'
import type { Bucket, BucketEncryption } from './bucket.ts'
import { checksumHeader } from './checksum.ts'
import { invalidArgument, noAcls, notImplemented } from './errors.ts'
import type { Attributes, Encryption, StoredObject, UploadAttributes } from './object.ts'
import { taggingHeader } from './tags.ts'

/** Headers that are kept and given back. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-website-redirect-location',
] as const

/** Those that can be read at once; there is no archive. */
const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
])

/** Headers that ask for what is not built. */
const REFUSED = [
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write-acp',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-copy-source-server-side-encryption-customer-algorithm',
  'x-amz-write-offset-bytes',
] as const

const METADATA_LIMIT = 2048

export type Said = Omit<UploadAttributes, 'encryption'>

/** Throws for what is wrong or not built. */
export function saidOfObject(request: S3Request): Said {
  refuseWhatIsNotBuilt(request)
  const storageClass = request.header('x-amz-storage-class') ?? 'STANDARD'
  if (!STORAGE_CLASSES.has(storageClass))
    throw new ApiError('InvalidStorageClass', 'The storage class you specified is not valid')
  return { ...saidOfContent(request), tags: taggingHeader(request), storageClass }
}

/** The part that a copy takes from its source unless it is told otherwise. */
function saidOfContent(request: S3Request): Pick<Said, 'headers' | 'metadata'> {
  const headers: Record<string, string> = {}
  for (const name of KEPT) {
    const value = request.header(name)
    if (value !== undefined) headers[name] = value
  }
  // That it came in frames is said of the request, not of the object.
  const encoding = headers['content-encoding']?.replace(/\s*aws-chunked\s*,?/, '').replace(/,\s*$/, '')
  if (encoding) headers['content-encoding'] = encoding
  else delete headers['content-encoding']
  headers['content-type'] ??= 'binary/octet-stream'
  const metadata = request.headersUnder('x-amz-meta-')
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0)
  if (size > METADATA_LIMIT)
    throw new ApiError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size')
  return { headers, metadata }
}

function refuseWhatIsNotBuilt(request: S3Request): void {
  const refused = REFUSED.find((name) => request.header(name) !== undefined)
  if (refused?.startsWith('x-amz-grant')) throw noAcls()
  if (refused) throw notImplemented(refused)
  const acl = request.header('x-amz-acl')
  if (acl !== undefined && acl !== 'bucket-owner-full-control') throw noAcls()
}

/** How the request wants the object encrypted; without a word, as the bucket's default says. */
export function wantedEncryption(request: S3Request, bucket: Pick<Bucket, 'settings'>): BucketEncryption {
  const usual = bucket.settings.encryption ?? { algorithm: 'AES256', bucketKey: false }
  const algorithm = request.header('x-amz-server-side-encryption')
  const keyId = request.header('x-amz-server-side-encryption-aws-kms-key-id')
  const bucketKey = request.header('x-amz-server-side-encryption-bucket-key-enabled')
  if (algorithm === undefined) {
    if (keyId !== undefined)
      throw invalidArgument('The header x-amz-server-side-encryption must be aws:kms with a key of KMS.')
    return usual
  }
  if (algorithm === 'aws:kms:dsse') throw notImplemented('x-amz-server-side-encryption: aws:kms:dsse')
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms')
    throw invalidArgument('The encryption method specified is not supported')
  if (algorithm === 'AES256') return { algorithm, bucketKey: false }
  const wanted = bucketKey === undefined ? usual.bucketKey : bucketKey.toLowerCase() === 'true'
  return { algorithm, bucketKey: wanted, ...(keyId && { keyId }) }
}

/** The encryption context that the caller adds: JSON in base64. */
export function encryptionContext(request: S3Request): Record<string, string> {
  const text = request.header('x-amz-server-side-encryption-context')
  if (text === undefined) return {}
  try {
    const context: unknown = JSON.parse(Buffer.from(text, 'base64').toString())
    if (typeof context === 'object' && context && Object.values(context).every((one) => typeof one === 'string'))
      return context as Record<string, string>
  } catch {
    // Refused below, like every other text that is none.
  }
  throw invalidArgument('The header x-amz-server-side-encryption-context must be JSON, encoded in base64.')
}

// ---------------------------------------------------------------------------------------------------------------------

export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  if (encryption.algorithm === 'AES256') return { 'x-amz-server-side-encryption': 'AES256' }
  return {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyArn,
    ...(encryption.bucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
  }
}

export function checksumHeaders({ checksum }: Pick<Attributes, 'checksum'>): Record<string, string> {
  if (!checksum) return {}
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
}

/** Everything that HEAD and GET say of an object but the length. */
export function objectHeaders({ etag, modifiedAt, attributes }: StoredObject): Record<string, string | undefined> {
  const { headers, metadata, tags, storageClass, encryption } = attributes
  const tagCount = Object.keys(tags).length
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    ...encryptionHeaders(encryption),
    etag: `"${etag}"`,
    'last-modified': modifiedAt.toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-storage-class': storageClass === 'STANDARD' ? undefined : storageClass,
    'x-amz-tagging-count': tagCount > 0 ? String(tagCount) : undefined,
  }
}
