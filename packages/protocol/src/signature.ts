/**
 * AWS Signature Version 4: the text that is signed, the key, and the making of signatures. Besides the usual one, made with a
 * secret key, there is the one of a registered machine that has no credentials yet: the same text, signed with its RSA key
 * (PSS, SHA-256, salt of 32 bytes), base64, and the node id in place of an access key (agent-protocol, 4.4).
 *
 * An entry of its own, not part of the index: it needs Node's crypto. The server checks signatures against the same text.
 */
import * as crypto from 'node:crypto'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const TERMINATOR = 'aws4_request'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent or empty: these are not temporary. */
  readonly sessionToken?: string | undefined
}

export interface SignableRequest {
  readonly method: string
  readonly url: URL
  /** Lower-case names; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, or its hash in hexadecimal where it is too long to be held. */
  readonly body: string | Uint8Array | { readonly sha256: string }
  readonly service: string
  readonly region: string
  readonly date: Date
}

/** The headers to send: those of the request, and the signature's. */
export function signRequest(request: SignableRequest, credentials: Credentials): Record<string, string> {
  const headers = datedHeaders(request)
  if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken
  const bodyHash = hashOf(request.body)
  if (request.service === 's3') headers['x-amz-content-sha256'] = bodyHash
  const scope = scopeOf(request, headers)
  const text = stringToSign(sent(request, headers), scope, bodyHash)
  const signature = hmac(signingKey(credentials.secretAccessKey, scope), text).toString('hex')
  return { ...headers, authorization: authorization(credentials.accessKeyId, scope, signature) }
}

/** The headers of a request that a node signs with its own key; `privateKey` is PEM, or Node's object of it. */
export function signAsNode(
  request: SignableRequest,
  nodeId: string,
  privateKey: string | crypto.KeyObject,
): Record<string, string> {
  const headers = datedHeaders(request)
  const bodyHash = hashOf(request.body)
  const scope = scopeOf(request, headers)
  const text = Buffer.from(stringToSign(sent(request, headers), scope, bodyHash))
  const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const key = typeof privateKey === 'string' ? crypto.createPrivateKey(privateKey) : privateKey
  const signature = crypto.sign('sha256', text, { key, ...pss }).toString('base64')
  // Sent, but not signed: Amazon's agent adds it after it has made the list of headers.
  return { ...headers, 'x-amz-content-sha256': bodyHash, authorization: authorization(nodeId, scope, signature) }
}

function hashOf(body: SignableRequest['body']): string {
  return typeof body === 'string' || body instanceof Uint8Array ? sha256(body) : body.sha256
}

function datedHeaders({ headers, url, date }: SignableRequest): Record<string, string> {
  return { ...headers, host: url.host, 'x-amz-date': signatureDate(date) }
}

function sent({ method, url }: SignableRequest, headers: Record<string, string>): SentRequest {
  return { method, path: url.pathname, query: url.search.slice(1), headers }
}

function scopeOf({ region, service, date }: SignableRequest, headers: Record<string, string>): SignatureScope {
  const timestamp = signatureDate(date)
  return { timestamp, day: timestamp.slice(0, 8), region, service, signedHeaders: Object.keys(headers).sort() }
}

function authorization(
  keyId: string,
  { day, region, service, signedHeaders }: SignatureScope,
  signature: string,
): string {
  const credential = `${keyId}/${day}/${region}/${service}/${TERMINATOR}`
  return `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
}

/** `yyyymmddThhmmssZ`. */
export function signatureDate(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

// ---------------------------------------------------------------------------------------------------------------------
// What is signed

/** The parts of a request, body apart, that a signature covers. */
export interface SentRequest {
  readonly method: string
  /** As it is sent, already encoded. */
  readonly path: string
  /** As it is sent, without `?`. */
  readonly query: string
  /** Lower-case names; a header that is sent more than once is a list of its values. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface SignatureScope {
  /** `yyyymmdd`. */
  readonly day: string
  readonly region: string
  readonly service: string
  /** `yyyymmddThhmmssZ`. */
  readonly timestamp: string
  readonly signedHeaders: readonly string[]
}

export function stringToSign(request: SentRequest, scope: SignatureScope, bodyHash: string): string {
  const { timestamp, day, region, service } = scope
  const digest = sha256(canonicalRequest(request, scope, bodyHash))
  return `${ALGORITHM}\n${timestamp}\n${day}/${region}/${service}/${TERMINATOR}\n${digest}`
}

export function signingKey(secret: string, { day, region, service }: Omit<SignatureScope, 'signedHeaders'>): Buffer {
  return [day, region, service, TERMINATOR].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`))
}

function canonicalRequest(request: SentRequest, { service, signedHeaders }: SignatureScope, bodyHash: string): string {
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${canonicalHeader(request, name)}\n`
  const path = request.path === '/' ? '/' : canonicalPath(request.path, service)
  const query = request.query === '' ? '' : canonicalQuery(request.query)
  return `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${bodyHash}`
}

function canonicalHeader({ headers }: SentRequest, name: string): string {
  // The caller chose the name, so what every object inherits must not be taken for a header.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  const text = typeof value === 'string' ? value : (value ?? []).map((one) => one.trim()).join(',')
  return text.trim().replace(/\s+/g, ' ')
}

/** Every service but S3 drops `.`, `..` and empty segments and encodes the path once more than it is sent. */
function canonicalPath(path: string, service: string): string {
  if (service === 's3') return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment.replace(RESERVED, percent))
  }
  return `/${segments.join('/')}${path.endsWith('/') && segments.length > 0 ? '/' : ''}`
}

/** Names and values in the one encoding that is signed, however they are sent, in order. */
function canonicalQuery(query: string): string {
  const pairs: [string, string][] = []
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = recode(equals < 0 ? pair : pair.slice(0, equals))
    if (name !== 'X-Amz-Signature') pairs.push([name, equals < 0 ? '' : recode(pair.slice(equals + 1))])
  }
  pairs.sort(([a, av], [b, bv]) => order(a, b) || order(av, bv))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

const RESERVED = /[^A-Za-z0-9\-._~]/g
const UNRESERVED = /^[A-Za-z0-9\-._~]$/

/** Works on bytes, not on characters, so that even text which is no UTF-8 is signed as it is sent. */
function recode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~]/g, (found, hex: string | undefined) => {
    if (found === '+') return '%20'
    const byte = hex === undefined ? found : String.fromCharCode(Number.parseInt(hex, 16))
    return UNRESERVED.test(byte) ? byte : percent(byte)
  })
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** In lower-case hexadecimal. `crypto.hash` came with Node 20.12. */
export const sha256: (data: string | Uint8Array) => string =
  typeof crypto.hash === 'function'
    ? (data) => crypto.hash('sha256', data, 'hex')
    : (data) => crypto.createHash('sha256').update(data).digest('hex')

function hmac(key: Buffer, text: string): Buffer {
  return crypto.createHmac('sha256', key).update(text).digest()
}
