/**
 * What the signature of a request claims, read from the Authorization header or from a presigned query. Nothing of it is
 * proven yet. Whatever a request holds, nothing but `ApiError` is thrown.
 *
 * The sentences are those that AWS's JSON services answer.
 */
import {
  ALGORITHM,
  type SentRequest,
  type SignatureScope,
  signatureDate,
  TERMINATOR,
} from '@steward/protocol/signature.ts'
import { ApiError } from '#kernel/api-error.ts'
import { isRegion } from '#kernel/scope.ts'

export interface Claim extends SignatureScope {
  readonly accessKeyId: string
  readonly signature: string
  readonly sessionToken: string | undefined
  /** Whether it stands in the query, as in a link that is handed on. */
  readonly presigned: boolean
  /** How long ago it may have been made. */
  readonly lifeSeconds: number
}

/** A signature is good for this long, and this long before its time; a link may state another life. */
export const SKEW_MINUTES = 5

const WEEK_SECONDS = 604_800

/** Undefined if the request carries no signature at all; `ApiError` if it carries a broken one. */
export function readClaim(request: SentRequest): Claim | undefined {
  const authorization = first(request.headers.authorization)
  const inHeader = authorization?.startsWith('AWS4-') ?? false
  const query = request.query.includes('X-Amz-Algorithm=') ? new URLSearchParams(request.query) : undefined
  const inQuery = query?.has('X-Amz-Algorithm') ?? false
  if (inHeader && inQuery) {
    throw invalidSignature("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
  }
  if (inHeader) return readHeader(authorization!, request)
  return inQuery ? readQuery(query!) : undefined
}

function readHeader(authorization: string, { headers }: SentRequest): Claim {
  const [algorithm, ...rest] = authorization.split(' ')
  mustBeOurs(algorithm!)
  const parts = readParts(rest.join(' '))
  const date = first(headers['x-amz-date']) ?? first(headers.date)
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `)
  if (!date) missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  if (missing.length > 0) throw incomplete(`${missing.join('')}Authorization=${authorization}`)
  return {
    ...readCredential(parts.get('Credential')!),
    timestamp: readDate(date!),
    signedHeaders: parts.get('SignedHeaders')!.split(';'),
    signature: parts.get('Signature')!,
    sessionToken: first(headers['x-amz-security-token']),
    presigned: false,
    lifeSeconds: SKEW_MINUTES * 60,
  }
}

/** `name=value` parts between commas. A value may hold `=`: that of a node's signature does. */
function readParts(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  return parts
}

function readQuery(query: URLSearchParams): Claim {
  const missing = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `)
  if (missing.length > 0) throw incomplete(`${missing.join('')}Re-examine the query-string parameters.`)
  mustBeOurs(query.get('X-Amz-Algorithm')!)
  return {
    ...readCredential(query.get('X-Amz-Credential')!),
    timestamp: readDate(query.get('X-Amz-Date')!),
    signedHeaders: query.get('X-Amz-SignedHeaders')!.split(';'),
    signature: query.get('X-Amz-Signature')!,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    presigned: true,
    lifeSeconds: readExpires(query.get('X-Amz-Expires')),
  }
}

function mustBeOurs(algorithm: string): void {
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`)
}

function readCredential(credential: string): Pick<Claim, 'accessKeyId' | 'day' | 'region' | 'service'> {
  const parts = credential.split('/')
  const [accessKeyId, day, region, service, terminator] = parts
  if (parts.length !== 5 || !accessKeyId || !day || !region || !service) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
        `got '${credential}'`,
    )
  }
  if (terminator !== TERMINATOR) {
    throw invalidSignature(`Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${terminator}'.`)
  }
  if (!isRegion(region)) {
    throw invalidSignature(`Credential should be scoped to a valid region, not '${region}'. `)
  }
  return { accessKeyId, day, region, service }
}

let lastRead = { text: '', date: '' }

/** Requests of one second carry the same date, and most follow one another. */
function readDate(text: string): string {
  if (text !== lastRead.text) lastRead = { text, date: parseDate(text) }
  return lastRead.date
}

/** Takes the basic form of ISO 8601, which everybody sends, and that of HTTP's own Date header. */
function parseDate(text: string): string {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  const iso = basic && `${basic[1]}-${basic[2]}-${basic[3]}T${basic[4]}:${basic[5]}:${basic[6]}Z`
  const time = new Date(iso ?? (/^\w{3}, [\w :]{10,30} GMT$/.test(text) ? text : Number.NaN))
  if (!Number.isNaN(time.getTime())) return signatureDate(time)
  throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`)
}

function readExpires(text: string | null): number {
  if (text === null) return SKEW_MINUTES * 60
  if (!/^-?\d{1,9}$/.test(text)) throw incomplete('X-Amz-Expires should be a number')
  const seconds = Number(text)
  if (seconds < 0) throw incomplete('X-Amz-Expires must be non-negative')
  if (seconds > WEEK_SECONDS) {
    throw incomplete(`X-Amz-Expires must be less than a week (in seconds) that is ${WEEK_SECONDS}`)
  }
  return seconds
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

function incomplete(message: string): ApiError {
  return new ApiError('IncompleteSignatureException', message)
}

export function invalidSignature(message: string): ApiError {
  return new ApiError('InvalidSignatureException', message)
}
