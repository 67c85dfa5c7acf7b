/**
 * Verification of AWS Signature Version 4, in the Authorization header and in presigned queries. Pure: the caller hands in
 * the request, the instant, and a way to find the secret. Source: AWS's «Signature Version 4 signing process».
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'

const ALGORITHM = 'AWS4-HMAC-SHA256'
const SKEW_MINUTES = 5
const CACHED_KEYS = 4096

export interface SignedRequest {
  readonly method: string
  /** The path as it was sent, still encoded. */
  readonly path: string
  /** The query as it was sent, without `?`. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
}

/** What a signature claims, before anything of it is proven. */
export interface Claim {
  readonly accessKeyId: string
  /** `yyyymmdd`. */
  readonly day: string
  readonly region: string
  readonly service: string
  /** `yyyymmddThhmmssZ`. */
  readonly timestamp: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly sessionToken: string | undefined
  /** Seconds a presigned request is good for; undefined for a signature in the header. */
  readonly expiresSeconds: number | undefined
}

/** Reads the claim from header or query. Undefined if the request carries no signature at all; `ApiError` if it is broken. */
export function readClaim(request: SignedRequest): Claim | undefined {
  const authorization = request.headers.authorization
  if (typeof authorization === 'string') return readHeaderClaim(authorization, request)
  return request.query.includes('X-Amz-Signature=') ? readQueryClaim(new URLSearchParams(request.query)) : undefined
}

function readHeaderClaim(authorization: string, request: SignedRequest): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) {
    throw incomplete(`Authorization header requires '${ALGORITHM}' as its algorithm.`)
  }
  const parts = new Map<string, string>()
  for (const part of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  for (const name of ['Credential', 'SignedHeaders', 'Signature']) {
    if (!parts.get(name)) throw incomplete(`Authorization header requires '${name}' parameter.`)
  }
  const timestamp = single(request.headers['x-amz-date'])
  if (!timestamp) throw incomplete("Authorization header requires existence of a 'X-Amz-Date' header.")
  return {
    ...readCredential(parts.get('Credential')!),
    timestamp: readTimestamp(timestamp),
    signedHeaders: parts.get('SignedHeaders')!.split(';'),
    signature: parts.get('Signature')!,
    sessionToken: single(request.headers['x-amz-security-token']),
    expiresSeconds: undefined,
  }
}

function readQueryClaim(query: URLSearchParams): Claim {
  const need = (name: string): string => {
    const value = query.get(name)
    if (!value) throw incomplete(`Query-string authentication requires the ${name} parameter.`)
    return value
  }
  if (need('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm only supports '${ALGORITHM}'.`)
  const expiresSeconds = Number(need('X-Amz-Expires'))
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > 604800) {
    throw incomplete('X-Amz-Expires must be a number of seconds between 1 and 604800.')
  }
  return {
    ...readCredential(need('X-Amz-Credential')),
    timestamp: readTimestamp(need('X-Amz-Date')),
    signedHeaders: need('X-Amz-SignedHeaders').split(';'),
    signature: need('X-Amz-Signature'),
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expiresSeconds,
  }
}

function readCredential(credential: string): Pick<Claim, 'accessKeyId' | 'day' | 'region' | 'service'> {
  const parts = credential.split('/')
  const [accessKeyId, day, region, service, end] = parts
  if (parts.length !== 5 || !accessKeyId || !day || !region || !service || end !== 'aws4_request') {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.slice(0, 200)}'`,
    )
  }
  return { accessKeyId, day, region, service }
}

function readTimestamp(timestamp: string): string {
  if (!/^\d{8}T\d{6}Z$/.test(timestamp)) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${timestamp.slice(0, 64)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  return timestamp
}

/**
 * Refuses a claim whose time is not now: five minutes either way, or the life of a presigned request.
 * Times are those of the two clocks, so that a person sees which one is wrong.
 */
export function checkTime(claim: Claim, now: Date): void {
  const signed = parseTimestamp(claim.timestamp).getTime()
  const earliest = claim.expiresSeconds === undefined ? SKEW_MINUTES * 60_000 : claim.expiresSeconds * 1000
  const current = formatTimestamp(now)
  if (signed + earliest < now.getTime()) {
    const limit = formatTimestamp(new Date(now.getTime() - earliest))
    const span = claim.expiresSeconds === undefined ? `${SKEW_MINUTES} min.` : `${claim.expiresSeconds} s.`
    throw invalidSignature(`Signature expired: ${claim.timestamp} is now earlier than ${limit} (${current} - ${span})`)
  }
  if (signed - SKEW_MINUTES * 60_000 > now.getTime()) {
    const limit = formatTimestamp(new Date(now.getTime() + SKEW_MINUTES * 60_000))
    throw invalidSignature(
      `Signature not yet current: ${claim.timestamp} is still later than ${limit} (${current} + ${SKEW_MINUTES} min.)`,
    )
  }
  if (!claim.timestamp.startsWith(claim.day)) {
    throw invalidSignature('Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.')
  }
}

/** Refuses the request unless `secret` made its signature. */
export function checkSignature(request: SignedRequest, claim: Claim, secret: string): void {
  if (!claim.signedHeaders.includes('host'))
    throw invalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.")
  const expected = createHmac('sha256', signingKey(secret, claim)).update(stringToSign(request, claim)).digest('hex')
  const given = Buffer.from(claim.signature)
  if (given.length !== expected.length || !timingSafeEqual(given, Buffer.from(expected))) {
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
        'and signing method. Consult the service documentation for details.',
    )
  }
}

/** The text that a signature signs. Managed nodes sign the same text with their RSA key. */
export function stringToSign(request: SignedRequest, claim: Claim): string {
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`
  return `${ALGORITHM}\n${claim.timestamp}\n${scope}\n${hash('sha256', canonicalRequest(request, claim), 'hex')}`
}

function canonicalRequest(request: SignedRequest, claim: Claim): string {
  let headers = ''
  for (const name of claim.signedHeaders) headers += `${name}:${canonicalHeader(request.headers[name])}\n`
  const path = canonicalPath(request.path, claim.service)
  const query = request.query === '' ? '' : canonicalQuery(request.query)
  return `${request.method}\n${path}\n${query}\n${headers}\n${claim.signedHeaders.join(';')}\n${payloadHash(request, claim)}`
}

function canonicalHeader(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text.trim().replace(/ {2,}/g, ' ')
}

/** Every service but S3 encodes the path once more than it was sent. */
function canonicalPath(path: string, service: string): string {
  if (path === '/' || service === 's3') return path
  return path.split('/').map(encode).join('/')
}

function canonicalQuery(query: string): string {
  const pairs: [string, string][] = []
  for (const [name, value] of new URLSearchParams(query)) {
    if (name !== 'X-Amz-Signature') pairs.push([encode(name), encode(value)])
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  pairs.sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The body is always hashed; only S3 may leave it out of the signature. */
function payloadHash(request: SignedRequest, claim: Claim): string {
  if (claim.service === 's3') {
    if (claim.expiresSeconds !== undefined) return 'UNSIGNED-PAYLOAD'
    const declared = single(request.headers['x-amz-content-sha256'])
    if (declared === 'UNSIGNED-PAYLOAD') return declared
  }
  return hash('sha256', request.body, 'hex')
}

/** Headers that sign a request to ourselves, for the few calls that the server's own start makes. */
export function sign(
  request: SignedRequest,
  scope: { accessKeyId: string; secretAccessKey: string; region: string; service: string },
  now: Date,
): Record<string, string> {
  const timestamp = formatTimestamp(now)
  const headers = { ...request.headers, 'x-amz-date': timestamp }
  const claim: Claim = {
    accessKeyId: scope.accessKeyId,
    day: timestamp.slice(0, 8),
    region: scope.region,
    service: scope.service,
    timestamp,
    signedHeaders: Object.keys(headers).sort(),
    signature: '',
    sessionToken: undefined,
    expiresSeconds: undefined,
  }
  const key = signingKey(scope.secretAccessKey, claim)
  const signature = createHmac('sha256', key)
    .update(stringToSign({ ...request, headers }, claim))
    .digest('hex')
  const credential = `${scope.accessKeyId}/${claim.day}/${scope.region}/${scope.service}/aws4_request`
  return {
    'x-amz-date': timestamp,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${claim.signedHeaders.join(';')}, Signature=${signature}`,
  }
}

const keys = new Map<string, Buffer>()

/** Deriving a key takes four HMACs, so the keys of the day are remembered. The secret itself is part of the cache's key. */
function signingKey(secret: string, { day, region, service }: Claim): Buffer {
  const id = `${secret}/${day}/${region}/${service}`
  const known = keys.get(id)
  if (known) return known
  if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value!)
  const key = [day, region, service, 'aws4_request'].reduce(
    (key: Buffer, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
  keys.set(id, key)
  return key
}

export function parseTimestamp(timestamp: string): Date {
  return new Date(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

function formatTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

function incomplete(message: string): ApiError {
  return new ApiError('IncompleteSignatureException', message)
}

function invalidSignature(message: string): ApiError {
  return new ApiError('InvalidSignatureException', message)
}
