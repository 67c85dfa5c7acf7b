/** Tags of buckets and objects. */
import { ApiError } from '#kernel/api-error.ts'
import type { S3Request } from '#kernel/declare.ts'
import { S3Error } from '#kernel/s3-error.ts'
import { type Xml, xmlDocument } from '#kernel/xml.ts'
import { XML_NAMESPACE } from './bucket.ts'
import { invalidArgument, malformedXml } from './errors.ts'
import { xmlOf } from './xml-body.ts'

const LIMITS = { object: 10, bucket: 50 } as const

/** Throws `InvalidTag`, `BadRequest`. */
export function checkTags(
  pairs: readonly (readonly [string, string])[],
  of: keyof typeof LIMITS,
): Record<string, string> {
  if (pairs.length > LIMITS[of]) {
    throw new ApiError(
      'BadRequest',
      `${of === 'object' ? 'Object tags' : 'Bucket tag count'} cannot be greater than ${LIMITS[of]}`,
    )
  }
  const tags = new Map<string, string>()
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > 128 || !ALLOWED.test(key))
      throw invalidTag('The TagKey you have provided is invalid', key)
    if (value.length > 256 || !ALLOWED.test(value))
      throw invalidTag('The TagValue you have provided is invalid', key, value)
    if (key.toLowerCase().startsWith('aws:')) throw invalidTag(RESERVED[of], key)
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', key)
    tags.set(key, value)
  }
  return Object.fromEntries(tags)
}

const RESERVED = {
  object: 'Your TagKey cannot be prefixed with aws:',
  bucket: 'System tags cannot be added/updated by requester',
} as const

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

export async function readTags(request: S3Request, of: keyof typeof LIMITS): Promise<Record<string, string>> {
  const set = (await xmlOf(request, 'Tagging')).first('TagSet')
  return checkTags(set?.all('Tag').map(tagOf) ?? [], of)
}

/** The tags of the header `x-amz-tagging`, which is written like a query. */
export function taggingHeader(request: S3Request): Record<string, string> {
  const text = request.header('x-amz-tagging') ?? ''
  const pairs = [...new URLSearchParams(text)]
  const keys = new Set(pairs.map(([key]) => key))
  if (keys.size < pairs.length || pairs.some((pair) => !pair.every((one) => ALLOWED.test(one))))
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    )
  return checkTags(pairs, 'object')
}

/** Key and value of a `Tag`. Throws `MalformedXML`. */
export function tagOf(tag: Xml): readonly [string, string] {
  const [key, value] = [tag.first('Key'), tag.first('Value')]
  if (!key || !value) throw malformedXml()
  return [key.text, value.text]
}

export function tagsXml(tags: Readonly<Record<string, string>>): string {
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return xmlDocument('Tagging', { TagSet: { Tag } }, XML_NAMESPACE)
}

/** The condition keys of a request that hands in tags of an object. */
export function tagConditions(tags: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const keys = Object.keys(tags)
  if (keys.length === 0) return {}
  const values = keys.map((key) => [`s3:RequestObjectTag/${key}`, tags[key]!])
  return { 's3:RequestObjectTagKeys': keys, ...Object.fromEntries(values) }
}

function invalidTag(message: string, TagKey: string, TagValue?: string): ApiError {
  return new S3Error('InvalidTag', message, { TagKey, ...(TagValue !== undefined && { TagValue }) })
}
