/** Lists of keys, rolled up at a delimiter: what begins alike up to it is one common prefix. */

import type { Reader } from '#db/database.ts'
import type { S3Request } from '#kernel/declare.ts'
import type { XmlContent } from '#kernel/xml.ts'
import { ownerOf } from './bucket.ts'
import { invalidArgument } from './errors.ts'
import type { StoredObject } from './object.ts'
import { behindPrefix, objectsFrom } from './object-store.ts'

export const MAX_KEYS = 1000

interface ListWanted {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string
  /** The last key or common prefix of the page before. */
  readonly after: string
  readonly limit: number
}

export interface Listed {
  readonly objects: StoredObject[]
  readonly prefixes: string[]
  /** After what the next page begins; undefined if this is the last. */
  readonly next: string | undefined
}

export async function listKeys(reader: Reader, wanted: ListWanted): Promise<Listed> {
  const { bucket, prefix, delimiter, after, limit } = wanted
  const objects: StoredObject[] = []
  const prefixes: string[] = []
  if (limit === 0) return { objects, prefixes, next: undefined }
  const size = delimiter === '' ? limit + 1 : AT_ONCE
  const endsWithPrefix = commonPrefix(after, prefix, delimiter) === after
  let place: Place | undefined = endsWithPrefix ? behind(after, prefix, delimiter) : { from: after, after: true }
  let last = ''
  while (place) {
    const batch: StoredObject[] = await objectsFrom(reader, bucket, { prefix, ...place, limit: size })
    for (const object of batch) {
      const common = commonPrefix(object.key, prefix, delimiter)
      if (common !== undefined && common === prefixes.at(-1)) continue
      if (objects.length + prefixes.length === limit) return { objects, prefixes, next: last }
      if (common === undefined) objects.push(object)
      else prefixes.push(common)
      last = common ?? object.key
    }
    place = batch.length < size ? undefined : behind(batch.at(-1)!.key, prefix, delimiter)
  }
  return { objects, prefixes, next: undefined }
}

/** What is rolled up is skipped after so many keys, however many begin alike. */
const AT_ONCE = 64

interface Place {
  readonly from: string
  readonly after: boolean
}

/** Where to go on behind a key: behind everything that is rolled up with it. Undefined if nothing can be there. */
function behind(key: string, prefix: string, delimiter: string): Place | undefined {
  const common = commonPrefix(key, prefix, delimiter)
  if (common === undefined) return { from: key, after: true }
  const from = behindPrefix(common)
  return from === undefined ? undefined : { from, after: false }
}

/** What the key is rolled up with; undefined if it stands for itself. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

// ---------------------------------------------------------------------------------------------------------------------

/** Throws `InvalidArgument`. */
export function limitOf(request: S3Request, name: string): number {
  return Math.min(MAX_KEYS, countOf(request, name, MAX_KEYS))
}

const LARGEST_INTEGER = 2147483647

/** Throws `InvalidArgument`. */
export function countOf(request: S3Request, name: string, otherwise: number): number {
  const text = request.query.get(name)
  if (text === null || text === '') return otherwise
  if (!/^-?\d{1,10}$/.test(text) || Number(text) > LARGEST_INTEGER)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text)
  if (Number(text) < 0)
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text)
  return Number(text)
}

/** Writes keys as the request wants them: as they are, or encoded as in URLs. Throws `InvalidArgument`. */
export function encodingOf(request: S3Request): { type: 'url' | undefined; encode: (text: string) => string } {
  const type = request.query.get('encoding-type') ?? undefined
  if (type === undefined) return { type: undefined, encode: (text) => text }
  if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type)
  return { type, encode: (text) => encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/') }
}

/** The condition keys of a request that lists. */
export function listConditions({ query }: S3Request): Record<string, string> {
  const conditions: Record<string, string> = {}
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name)
    if (value !== null) conditions[`s3:${name}`] = value
  }
  return conditions
}

export function objectXml(
  { key, modifiedAt, etag, size, attributes }: StoredObject,
  encode: (text: string) => string,
  account?: string,
): { [member: string]: XmlContent } {
  const { checksum, storageClass } = attributes
  return {
    Key: encode(key),
    LastModified: modifiedAt,
    ETag: `"${etag}"`,
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    Size: size,
    Owner: account && ownerOf(account),
    StorageClass: storageClass,
  }
}
