/**
 * Links of the second version of AWS's signatures (`AWSAccessKeyId`, `Signature`, `Expires` in the query), which S3 takes beside the
 * fourth: boto3 and the AWS CLI still make them when nobody chooses. Headers of requests are never signed so here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { signatureDate } from '@steward/protocol/signature.ts'
import type { Claim } from '#iam/claim.ts'
import { ApiError } from '#kernel/api-error.ts'
import { header, type StreamedRequest } from '../http-message.ts'

/** Longer than any link is meant to last; only the end of its time is stated. */
const LIFE_SECONDS = 20 * 365 * 86_400

/** Members of the query that are signed; the rest only says how to answer. */
const SIGNED: ReadonlySet<string> = new Set(
  (
    'accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification object-lock ' +
    'partNumber policy replication requestPayment response-cache-control response-content-disposition ' +
    'response-content-encoding response-content-language response-content-type response-expires restore select select-type ' +
    'storageClass tagging torrent uploadId uploads versionId versioning versions website'
  ).split(' '),
)

/** Undefined if the query has no such signature. */
export function readQueryV2(query: URLSearchParams, region: string): Claim | undefined {
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) => query.get(name))
  if (!accessKeyId || !signature || !expires) return undefined
  if (!/^\d{1,11}$/.test(expires)) throw new ApiError('AccessDenied', 'Invalid date (should be seconds since epoch)')
  const timestamp = signatureDate(new Date((Number(expires) - LIFE_SECONDS) * 1000))
  return {
    accessKeyId,
    signature,
    sessionToken: query.get('x-amz-security-token') ?? undefined,
    presigned: true,
    lifeSeconds: LIFE_SECONDS,
    timestamp,
    day: timestamp.slice(0, 8),
    region,
    service: 's3',
    signedHeaders: [],
  }
}

/** Throws `SignatureDoesNotMatch` unless `secret` signed the link. `hostBucket`: the bucket, if the host names it. */
export function checkQueryV2(
  request: StreamedRequest,
  query: URLSearchParams,
  hostBucket: string | undefined,
  secret: string,
): void {
  const text = textToSign(request, query, hostBucket)
  const expected = createHmac('sha1', secret).update(text).digest()
  const given = Buffer.from(query.get('Signature') ?? '', 'base64')
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw new ApiError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  )
}

function textToSign(request: StreamedRequest, query: URLSearchParams, hostBucket: string | undefined): string {
  const one = (name: string) => query.get(name) ?? header(request, name) ?? ''
  const amz = new Map<string, string>()
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-amz-')) amz.set(name, [request.headers[name]].flat().join(','))
  }
  for (const [name, value] of query) if (/^x-amz-/i.test(name)) amz.set(name.toLowerCase(), value)
  const headers = [...amz].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value.trim()}\n`)
  const members = [...query]
    .filter(([name]) => SIGNED.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  const path = hostBucket === undefined ? request.path : `/${hostBucket}${request.path}`
  const resource = members.length === 0 ? path : `${path}?${members.join('&')}`
  const head = [request.method, one('content-md5'), one('content-type'), query.get('Expires')].join('\n')
  return `${head}\n${headers.join('')}${resource}`
}
