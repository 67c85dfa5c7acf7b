/** Reading objects. */
import { Readable } from 'node:stream'
import { findKey, keyAccess } from '#capabilities/keys/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, S3AccessCall, S3Answer, S3Call, S3Request } from '#kernel/declare.ts'
import { type Bucket, bucketArn, objectArn } from './bucket.ts'
import { mustFindBucket } from './bucket-store.ts'
import { contentKeyOf, readParts } from './content.ts'
import { invalidArgument, invalidRange, invalidRequest, noSuchKey, noSuchVersion } from './errors.ts'
import type { Part, StoredObject } from './object.ts'
import { findObject, partsOf } from './object-store.ts'
import { checkReading } from './preconditions.ts'
import { checksumHeaders, objectHeaders } from './said.ts'

/** The condition keys of what an object is like now. */
export function existingTags(object: StoredObject | undefined): Record<string, string> {
  const tags = Object.entries(object?.attributes.tags ?? {})
  return Object.fromEntries(tags.map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]))
}

/** What a caller must be allowed to do to read an object. */
export async function readingAccess(
  { bucket, key }: Pick<S3Request, 'bucket' | 'key'>,
  call: S3AccessCall,
): Promise<Access[]> {
  const object = await findObject(call.db, bucket, key)
  const reading = { action: 's3:GetObject', resources: [objectArn(bucket, key)], context: existingTags(object) }
  const encryption = object?.attributes.encryption
  if (encryption?.algorithm !== 'aws:kms') return [reading]
  const kmsKey = await findKey(call.db, { ...call.scope, region: encryption.keyArn.split(':')[3]! }, encryption.keyArn)
  if (!kmsKey) return [reading]
  const use = { encryptionContext: encryption.context, viaService: 's3', callerAccount: call.scope.account }
  return [reading, await keyAccess(call.db, kmsKey, 'kms:Decrypt', use)]
}

/** Throws `NoSuchBucket`, `NoSuchKey`; who may not list the bucket does not learn which objects there are. */
export async function mustFindObject(
  call: S3Call,
  { bucket: name, key, query }: Pick<S3Request, 'bucket' | 'key' | 'query'>,
): Promise<{ bucket: Bucket; object: StoredObject }> {
  const version = query.get('versionId')
  const { bucket, object } = await call.read(async (db) => ({
    bucket: await mustFindBucket(db, name),
    object: await findObject(db, name, key),
  }))
  if (version !== null && version !== 'null') throw object ? invalidVersion() : noSuchVersion()
  if (object) return { bucket, object }
  if (await call.allows({ action: 's3:ListBucket', resources: [bucketArn(name)] })) throw noSuchKey(key)
  throw new ApiError('AccessDenied', 'Access Denied')
}

/** Answers GET and HEAD of an object. */
export async function answerWith(request: S3Request, call: S3Call): Promise<S3Answer> {
  const { bucket, object } = await mustFindObject(call, request)
  checkReading(request, object)
  const parts = await call.read((db) => partsOf(db, object.contentId))
  const range = rangeOf(request, object, parts)
  const { start, end } = range ?? { start: 0, end: object.size }
  const isWhole = start === 0 && end === object.size
  const checksums = isWhole && request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED'
  const headers = {
    ...objectHeaders(object),
    ...(checksums && checksumHeaders(object.attributes)),
    ...overrides(request.query),
    'content-length': String(end - start),
    'content-range': range && `bytes ${start}-${end - 1}/${object.size}`,
    'x-amz-mp-parts-count':
      request.query.has('partNumber') && object.etag.includes('-') ? String(parts.length) : undefined,
  }
  const status = range ? 206 : 200
  if (request.method === 'HEAD') return { status, headers }
  const contentKey = await contentKeyOf(call, bucket, object.attributes.encryption)
  return { status, headers, body: await opened(readParts(call.contentFolder, contentKey, parts, start, end), call) }
}

/** A stream whose first bytes were read, so that a file which is not there or was changed is an error and not half an answer. */
async function opened(content: AsyncGenerator<Buffer>, { log, requestId }: S3Call): Promise<Readable> {
  const first = await content.next()
  const stream = Readable.from(
    (async function* () {
      if (!first.done) yield first.value
      yield* content
    })(),
    { objectMode: false },
  )
  // Also when nobody began to read it.
  stream.once('close', () => void content.return(undefined))
  return stream.on('error', (err: NodeJS.ErrnoException) => {
    if (err.code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err, requestId }, 'an object cannot be read')
  })
}

interface Range {
  readonly start: number
  readonly end: number
}

/** What of an object is asked for; undefined: all of it. Throws `InvalidRange`, `InvalidPartNumber`. */
function rangeOf(request: S3Request, { size }: StoredObject, parts: readonly Part[]): Range | undefined {
  const number = request.query.get('partNumber')
  const header = request.header('range')
  if (number !== null) {
    if (header !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
    return rangeOfPart(Number(number), parts)
  }
  return header === undefined ? undefined : parseRange(header, size)
}

function rangeOfPart(number: number, parts: readonly Part[]): Range {
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive')
  // They are counted as they follow one another, whatever numbers they were uploaded under.
  const part = parts[number - 1]
  if (!part) throw new ApiError('InvalidPartNumber', 'The requested partnumber is not satisfiable')
  const start = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0)
  return { start, end: start + part.size }
}

/** One range; several, or what is none, are overlooked as HTTP says. Throws `InvalidRange`. */
function parseRange(header: string, size: number): Range | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, first = '', last = ''] = match
  if (first === '') {
    if (Number(last) === 0 || size === 0) throw invalidRange(header, size)
    return { start: Math.max(0, size - Number(last)), end: size }
  }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= size) throw invalidRange(header, size)
  return { start: Number(first), end: last === '' ? size : Math.min(size, Number(last) + 1) }
}

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

/** Headers that a link may ask for in place of the object's own. */
function overrides(query: URLSearchParams): Record<string, string> {
  const asked = OVERRIDES.flatMap((name) => {
    const value = query.get(`response-${name}`)
    return value === null ? [] : [[name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')] as const]
  })
  return Object.fromEntries(asked)
}

function invalidVersion(): ApiError {
  return invalidArgument('Invalid version id specified')
}
