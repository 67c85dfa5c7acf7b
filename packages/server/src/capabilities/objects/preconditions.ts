/** Conditions on what an object is like now, in the words of HTTP. */
import type { S3Request } from '#kernel/declare.ts'
import { noSuchKey, notImplemented, notModified, preconditionFailed } from './errors.ts'
import type { StoredObject } from './object.ts'

/** For reading. Throws `NotModified`, `PreconditionFailed`. */
export function checkReading(request: S3Request, object: StoredObject): void {
  const { ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince } = conditions(request, '')
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw preconditionFailed()
  // An ETag that fits outweighs the time.
  if (ifMatch === undefined && unmodifiedSince !== undefined && seconds(object) > unmodifiedSince)
    throw preconditionFailed()
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object)) throw notModified()
  if (ifNoneMatch === undefined && modifiedSince !== undefined && seconds(object) <= modifiedSince) throw notModified()
}

/** For the source of a copy. Throws `PreconditionFailed`. */
export function checkSource(request: S3Request, object: StoredObject): void {
  const { ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince } = conditions(request, 'x-amz-copy-source-')
  const changed = ifMatch === undefined && unmodifiedSince !== undefined && seconds(object) > unmodifiedSince
  const unchanged = ifNoneMatch === undefined && modifiedSince !== undefined && seconds(object) <= modifiedSince
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw preconditionFailed()
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object)) throw preconditionFailed()
  if (changed || unchanged) throw preconditionFailed()
}

/** For writing. Throws `PreconditionFailed`, `NoSuchKey`. */
export function checkWriting(request: S3Request, present: StoredObject | undefined): void {
  const { ifMatch, ifNoneMatch } = conditions(request, '')
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match with a value other than *')
  if (ifNoneMatch !== undefined && present) throw preconditionFailed()
  if (ifMatch === undefined) return
  if (!present) throw noSuchKey()
  if (!matches(ifMatch, present)) throw preconditionFailed()
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
