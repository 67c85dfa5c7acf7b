/** Tags of buckets and objects. */
import { ApiError } from '#kernel/api-error.ts'
import type { S3Request } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { XML_NAMESPACE } from './bucket.ts'
import { malformedXml } from './errors.ts'
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
      `${of === 'object' ? 'Object' : 'Bucket'} tag count cannot be greater than ${LIMITS[of]}`,
    )
  }
  const tags = new Map<string, string>()
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > 128 || !ALLOWED.test(key))
      throw invalidTag('The TagKey you have provided is invalid')
    if (value.length > 256 || !ALLOWED.test(value)) throw invalidTag('The TagValue you have provided is invalid')
    if (key.toLowerCase().startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester')
    if (tags.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key')
    tags.set(key, value)
  }
  return Object.fromEntries(tags)
}

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

export async function readTags(request: S3Request, of: keyof typeof LIMITS): Promise<Record<string, string>> {
  const set = (await xmlOf(request, 'Tagging')).first('TagSet')
  if (!set) throw malformedXml()
  const pairs = set.all('Tag').map((tag) => [tag.first('Key')?.text ?? '', tag.first('Value')?.text ?? ''] as const)
  return checkTags(pairs, of)
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

function invalidTag(message: string): ApiError {
  return new ApiError('InvalidTag', message)
}
