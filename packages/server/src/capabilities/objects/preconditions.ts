/** Conditions on what an object is like now, in the words of HTTP. */
import type { S3Request } from '#kernel/declare.ts'
import { conditionalConflict, headerNotImplemented, noSuchKey, notModified, preconditionFailed } from './errors.ts'
import type { StoredObject } from './object.ts'

/** For reading. Throws `NotModified`, `PreconditionFailed`. */
export function checkReading(request: S3Request, object: StoredObject): void {
  const { ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince } = conditions(request, '')
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw preconditionFailed('If-Match')
  // An ETag that fits outweighs the time.
  if (ifMatch === undefined && unmodifiedSince !== undefined && seconds(object) > unmodifiedSince)
    throw preconditionFailed('If-Unmodified-Since')
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object)) throw notModified(object.etag)
  if (ifNoneMatch === undefined && modifiedSince !== undefined && seconds(object) <= modifiedSince)
    throw notModified(object.etag)
}

/** For the source of a copy. A time that is still to come asks for nothing. Throws `PreconditionFailed`. */
export function checkSource(request: S3Request, object: StoredObject, now: Date): void {
  const { ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince } = conditions(request, 'x-amz-copy-source-')
  const changed = ifMatch === undefined && unmodifiedSince !== undefined && seconds(object) > unmodifiedSince
  const isPast = modifiedSince !== undefined && modifiedSince <= Math.floor(now.getTime() / 1000)
  const unchanged = ifNoneMatch === undefined && isPast && seconds(object) <= modifiedSince
  const failed = (condition: string) => preconditionFailed(`x-amz-copy-source-${condition}`)
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw failed('If-Match')
  if (changed) throw failed('If-Unmodified-Since')
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object)) throw failed('If-None-Match')
  if (unchanged) throw failed('If-Modified-Since')
}

/**
 * For writing. `before`: the content of what was there when the writing began, null if nothing was; undefined if it is not known.
 * Throws `PreconditionFailed`, `NoSuchKey`, `ConditionalRequestConflict`.
 */
export function checkWriting(request: S3Request, present: StoredObject | undefined, before?: string | null): void {
  const { ifMatch, ifNoneMatch } = conditions(request, '')
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw headerNotImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw valueNotImplemented('If-None-Match')
  if (ifNoneMatch !== undefined && present) throw preconditionFailed('If-None-Match')
  if (ifNoneMatch !== undefined && typeof before === 'string') throw conditionalConflict('If-None-Match', request.key)
  if (ifMatch === undefined) return
  if (!present) throw noSuchKey(request.key)
  if (!matches(ifMatch, present)) throw preconditionFailed('If-Match')
  if (before !== undefined && before !== present.contentId) throw conditionalConflict('If-Match', request.key)
}

function valueNotImplemented(header: string) {
  return headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`)
}

function conditions(request: S3Request, prefix: string) {
  return {
    ifMatch: request.header(`${prefix}if-match`),
    ifNoneMatch: request.header(`${prefix}if-none-match`),
    modifiedSince: dateOf(request.header(`${prefix}if-modified-since`)),
    unmodifiedSince: dateOf(request.header(`${prefix}if-unmodified-since`)),
  }
}

function matches(wanted: string, { etag }: StoredObject): boolean {
  return wanted
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '').replace(/^"|"$/g, '') === etag)
}

function dateOf(text: string | undefined): number | undefined {
  const time = Math.floor(Date.parse(text ?? '') / 1000)
  return Number.isNaN(time) ? undefined : time
}

function seconds({ modifiedAt }: StoredObject): number {
  return Math.floor(modifiedAt.getTime() / 1000)
}
