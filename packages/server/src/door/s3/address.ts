/** Which bucket and key a request names: in its path, or the bucket in the name of its host. */
import { ApiError } from '#kernel/api-error.ts'
import type { S3Level } from '#kernel/declare.ts'

export interface S3Address {
  readonly level: S3Level
  readonly bucket: string
  readonly key: string
}

/** `ownNames`: names under which this server is reached, so that what stands before them is a bucket. Throws `InvalidURI`. */
export function s3Address(host: string, path: string, ownNames: readonly string[]): S3Address {
  const fromHost = bucketOfHost(host, ownNames)
  const rest = path.slice(1)
  const slash = rest.indexOf('/')
  const bucket = fromHost ?? decoded(slash < 0 ? rest : rest.slice(0, slash))
  const key = decoded(fromHost === undefined ? (slash < 0 ? '' : rest.slice(slash + 1)) : rest)
  return { bucket, key, level: bucket === '' ? 'service' : key === '' ? 'bucket' : 'object' }
}

/** The bucket before `.s3.…`, or before one of our own names; undefined if the host names none. */
export function bucketOfHost(host: string, ownNames: readonly string[]): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (namesS3(name) || ownNames.includes(name)) return /^(.+?)\.s3[.-]/.exec(name)?.[1]
  const own = ownNames.find((one) => name.endsWith(`.${one}`))
  return own && name.slice(0, -own.length - 1)
}

/** Whether the host is one that S3 has: `s3.…`, or with a bucket before it. */
export function namesS3(host: string): boolean {
  return /(^|\.)s3[.-]/i.test(host)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ApiError('InvalidURI', "Couldn't parse the specified URI.")
  }
}
