/**
 * The life of a request to S3's API: which bucket and object, who, which operation, whether it may, then the operation, which reads the
 * body itself. Refusals are XML in S3's words. Every call is on the audit trail; one that changes something is there before it is answered.
 */
import type { Database } from '#db/database.ts'
import type { Authorizer } from '#iam/authorizer.ts'
import { type Claim, readClaim } from '#iam/claim.ts'
import { ApiError } from '#kernel/api-error.ts'
import { eventId } from '#kernel/audit-record.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Access, AuditTrail, CrossOrigin, S3Answer, S3Call, S3Operation, S3Request } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import type { Principal } from '#kernel/principal.ts'
import { S3Error } from '#kernel/s3-error.ts'
import type { Vault } from '#kernel/vault.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { type CallFacts, isReadOnly, toAuditRecord } from '../audit-record.ts'
import type { Authenticator, Identified } from '../authenticate.ts'
import { conditionKeys } from '../condition-keys.ts'
import { type HttpResponse, header, type StreamedRequest } from '../http-message.ts'
import { originOf } from '../public-url.ts'
import { type Throttle, UNPROVEN } from '../throttle.ts'
import { bucketOfHost, namesS3, type S3Address, s3Address } from './address.ts'
import { s3Body } from './body.ts'
import { asS3Error, errorSubject, s3Status } from './errors.ts'
import { matchS3 } from './match.ts'
import { checkQueryV2, readQueryV2 } from './query-v2.ts'
import { refuseUnsignedHeaders } from './signed-headers.ts'

export interface S3ApiParts {
  readonly operations: readonly S3Operation[]
  readonly crossOrigin: CrossOrigin | undefined
  readonly database: Database
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  readonly audit: AuditTrail
  readonly throttle: Throttle
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly account: string
  readonly defaultRegion: string
  readonly contentFolder: string
  /** Names of this server; what stands before one in a host is a bucket. */
  readonly ownNames: readonly string[]
  /** Where others reach this server, if that is configured. */
  readonly publicUrl: string | undefined
  readonly observe: (service: string, operation: string, code: string, seconds: number) => void
}

/** What is known of a request, more and more as it goes through. */
interface Known {
  readonly request: StreamedRequest
  readonly requestId: string
  readonly query: URLSearchParams
  address: S3Address
  claim?: Claim | undefined
  operation?: S3Operation
  principal?: Principal
  access: readonly Access[]
}

/** How S3's service is called where others have a model. */
const SERVICE = {
  name: 's3',
  protocol: 'rest-xml',
  metadata: { endpointPrefix: 's3', apiVersion: '2006-03-01' },
} as const

/** S3 takes signatures that are older than other services do. */
const SKEW_SECONDS = 900
const NOTHING = Buffer.alloc(0)

export class S3Api {
  readonly #parts: S3ApiParts
  /** Calls of unproven callers that have no record of their own, because there were too many. */
  #untold = 0

  constructor(parts: S3ApiParts) {
    this.#parts = parts
  }

  /** Undefined if the request is not for S3. */
  route(request: StreamedRequest): Promise<HttpResponse> | undefined {
    return isForS3(request) ? this.#handle(request) : undefined
  }

  async #handle(request: StreamedRequest): Promise<HttpResponse> {
    const { ids, observe, log } = this.#parts
    const started = performance.now()
    const requestId = ids.hex(16).toUpperCase()
    const address: S3Address = { bucket: '', key: '', level: 'service' }
    const known: Known = { request, requestId, query: new URLSearchParams(request.query), address, access: [] }
    let code = ''
    let response: HttpResponse
    try {
      known.address = s3Address(header(request, 'host') ?? '', request.path, this.#parts.ownNames)
      response = rendered(isPreflight(request) ? await this.#preflight(known) : await this.#answer(known), requestId)
    } catch (thrown) {
      const error = await this.#refused(thrown, known)
      code = error.code
      response = renderedError(error, known, this.#parts.defaultRegion)
    }
    const crossOrigin = await this.#crossOrigin(known, request.method)
    if (crossOrigin) response = { ...response, headers: { ...response.headers, ...crossOrigin } }
    const ms = performance.now() - started
    const operation = known.operation?.name ?? 'unknown'
    observe('s3', operation, code, ms / 1000)
    const level = response.status >= 500 && response.status !== 501 ? 'error' : 'debug'
    const { status } = response
    log[level]({ requestId, service: 's3', operation, status, code, ms, ip: request.sourceIp }, 'request')
    return response
  }

  async #answer(known: Known): Promise<S3Answer> {
    const { request, query } = known
    const { throttle, operations, audit, account } = this.#parts
    if (isForm(request)) {
      throw new ApiError(
        'NotImplemented',
        'The request implies functionality that is not implemented: uploads by forms',
      )
    }
    known.claim = readQueryV2(query, this.#parts.defaultRegion) ?? readClaim(request)
    const identified = await this.#identify(known)
    known.principal = identified.principal
    const hasHeader = (name: string) => header(request, name) !== undefined
    known.operation = matchS3(operations, { ...known.address, method: request.method, query, hasHeader })
    throttle.admit(identified.principal.account, { service: SERVICE, operationName: known.operation.name })
    const owner = header(request, 'x-amz-expected-bucket-owner')
    if (owner !== undefined && owner !== account) throw new ApiError('AccessDenied', 'Access Denied')
    const asked = this.#request(known, identified)
    const call = this.#call(known, identified)
    await this.#admit(known, asked, call, identified)
    const answer = await known.operation.handle(asked, call)
    const record = toAuditRecord(this.#facts(known, known.operation, undefined))
    if (isReadOnly({ operationName: known.operation.name })) await audit.push(record)
    else await audit.write(record)
    return answer
  }

  /** What a browser asks before it lets a page of another origin send a request. It cannot sign it. */
  async #preflight(known: Known): Promise<S3Answer> {
    const method = header(known.request, 'access-control-request-method') ?? ''
    const headers = await this.#crossOrigin(known, method)
    if (headers) return { headers }
    throw new ApiError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.')
  }

  async #crossOrigin({ request, address }: Known, method: string): Promise<Record<string, string> | undefined> {
    const { crossOrigin, database } = this.#parts
    const origin = header(request, 'origin')
    if (!crossOrigin || origin === undefined || address.bucket === '' || method === 'OPTIONS') return undefined
    const named = header(request, 'access-control-request-headers') ?? ''
    const headers = named
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    return database.read((db) => crossOrigin(db, { bucket: address.bucket, origin, method, headers }))
  }

  #identify({ request, claim, query }: Known): Promise<Identified> {
    const { authenticator, clock, ownNames } = this.#parts
    const { method, path, headers } = request
    if (claim && !claim.presigned && headers['x-amz-content-sha256'] === undefined) {
      throw new ApiError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
    }
    const untimely = claim?.presigned
      ? new ApiError('AccessDenied', 'Request has expired')
      : new ApiError(
          'RequestTimeTooSkewed',
          'The difference between the request time and the current time is too large.',
        )
    const lasting = claim && !claim.presigned ? { ...claim, lifeSeconds: SKEW_SECONDS } : claim
    const hostBucket = bucketOfHost(header(request, 'host') ?? '', ownNames)
    const isV2 = claim !== undefined && query.has('AWSAccessKeyId')
    if (claim && !isV2) refuseUnsignedHeaders(request, claim)
    const wanted = {
      how: 'sigv4',
      service: 's3',
      now: clock.now(),
      untimely,
      ...(isV2 && { check: (secret: string) => checkQueryV2(request, query, hostBucket, secret) }),
    } as const
    return authenticator.identify({ method, path, query: request.query, headers, body: NOTHING }, lasting, wanted)
  }

  #request({ request, address, query, claim }: Known, { sign }: Identified): S3Request {
    const one = (name: string) => header(request, name)
    const stamp = claim && `${claim.timestamp}\n${claim.day}/${claim.region}/${claim.service}/aws4_request`
    const signing = sign && claim && stamp ? { sign, stamp, signature: claim.signature } : undefined
    return {
      method: request.method,
      bucket: address.bucket,
      key: address.key,
      bucketUrl: this.#bucketUrl(request, address.bucket),
      query,
      header: one,
      headersUnder: (prefix) =>
        Object.fromEntries(
          Object.keys(request.headers)
            .filter((name) => name.startsWith(prefix))
            .map((name) => [name.slice(prefix.length), [request.headers[name]].flat().join(',')]),
        ),
      body: s3Body({ source: request.stream, header: one, signing }),
    }
  }

  #bucketUrl(request: StreamedRequest, bucket: string): string {
    const { ownNames, publicUrl } = this.#parts
    const origin = originOf(request, publicUrl)
    return bucketOfHost(header(request, 'host') ?? '', ownNames) === undefined ? `${origin}/${bucket}` : origin
  }

  #call({ request, requestId }: Known, identified: Identified): S3Call {
    const { database, clock, ids, log, vault, contentFolder, defaultRegion } = this.#parts
    const { principal, region = defaultRegion } = identified
    return {
      scope: { account: principal.account, region },
      principal,
      requestId,
      now: clock.now(),
      ids,
      log,
      vault,
      contentFolder,
      read: (work) => database.read(work),
      write: (work) => database.write(work),
      signal: request.signal,
      allows: async (access) => {
        try {
          await this.#decide([access], request, identified)
          return true
        } catch (error) {
          if (error instanceof ApiError) return false
          throw error
        }
      },
    }
  }

  async #admit(known: Known, asked: S3Request, call: S3Call, identified: Identified): Promise<void> {
    const { database } = this.#parts
    const { scope, principal, now } = call
    known.access = await database.read(async (db) => known.operation!.access(asked, { db, scope, principal, now }))
    await this.#decide(known.access, known.request, identified)
  }

  #decide(access: readonly Access[], request: StreamedRequest, { principal, policies, region }: Identified) {
    const { authorizer, database, clock, defaultRegion } = this.#parts
    const conditions = () => conditionKeys(request, principal, policies, region ?? defaultRegion, clock.now())
    return database.read((db) => authorizer.admit({ principal, policies }, access, conditions, db))
  }

  /** What the caller is told of what went wrong, once that is on record. */
  async #refused(thrown: unknown, known: Known): Promise<ApiError> {
    const error = this.#toApiError(thrown, known)
    try {
      await this.#record(known, error)
      return error
    } catch (failed) {
      return this.#toApiError(failed, known)
    }
  }

  #toApiError(thrown: unknown, { requestId, operation }: Known): ApiError {
    if (thrown instanceof ApiError) {
      const { code, cause, detail } = thrown
      const level = code === 'ServiceUnavailable' ? 'error' : 'info'
      if (cause || detail) this.#parts.log[level]({ requestId, code, err: cause, detail }, 'request refused')
      return asS3Error(thrown)
    }
    this.#parts.log.error({ requestId, operation: operation?.name, err: thrown }, 'request failed')
    return new ApiError('InternalError', 'We encountered an internal error. Please try again.')
  }

  #record(known: Known, error: ApiError): Promise<void> | undefined {
    const { throttle, audit } = this.#parts
    if (!known.operation || error.code === 'NotModified') return undefined
    if (!known.principal && !throttle.take('unproven records', UNPROVEN)) {
      this.#untold += 1
      return undefined
    }
    return audit.push(toAuditRecord(this.#facts(known, known.operation, error)))
  }

  #facts(known: Known, operation: S3Operation, error: ApiError | undefined): CallFacts {
    const { request, requestId, address, query, claim, principal, access } = known
    const { clock, ids, account, defaultRegion } = this.#parts
    const at = clock.now()
    const untold = principal ? 0 : this.#untold
    this.#untold -= untold
    return {
      asked: { service: SERVICE, operationName: operation.name, operation: undefined },
      requestId,
      eventId: eventId(at, ids.uuid()),
      at,
      sourceIp: request.sourceIp,
      userAgent: header(request, 'user-agent'),
      tlsHost: request.secure ? header(request, 'host') : undefined,
      account,
      region: claim?.region ?? defaultRegion,
      claimedKey: claim?.accessKeyId,
      principal,
      input: recordedInput(address, query),
      isData: address.level === 'object',
      bytes: 0,
      output: undefined,
      access,
      caused: [],
      untold,
      error: error && { code: error.code, message: error.message },
    }
  }
}

/** What a record shows of a request: what it is about and how, without what proves the caller. */
function recordedInput({ bucket, key }: S3Address, query: URLSearchParams): Record<string, string> {
  const input: Record<string, string> = {}
  if (bucket) input.bucketName = bucket.slice(0, 255)
  if (key) input.key = key.slice(0, 1024)
  for (const [name, value] of query) {
    if (!/^x-amz-/i.test(name) && Object.keys(input).length < 20) input[name.slice(0, 64)] = value.slice(0, 1024)
  }
  return input
}

/** Nothing else here is asked so. */
function isPreflight({ method, path, headers }: StreamedRequest): boolean {
  return method === 'OPTIONS' && path !== '*' && headers['access-control-request-method'] !== undefined
}

/** What a form of a page sends; its policy and signature would be fields of it. No other service takes any. */
function isForm({ method, headers }: StreamedRequest): boolean {
  return method === 'POST' && /^multipart\/form-data\b/i.test(String(headers['content-type'] ?? ''))
}

/** A signature names its service; without one, the host may. */
function isForS3(request: StreamedRequest): boolean {
  if (isPreflight(request) || isForm(request)) return true
  const { authorization } = request.headers
  if (typeof authorization === 'string') return /^AWS4-[^,]*\/s3\/aws4_request/.test(authorization)
  if (request.query.includes('X-Amz-Credential='))
    return /X-Amz-Credential=[^&]*(%2F|\/)s3(%2F|\/)aws4_request/i.test(request.query)
  if (/(^|&)AWSAccessKeyId=/.test(request.query)) return true
  // Other services have unsigned calls too, so a bucket before our own name is not enough.
  return namesS3(header(request, 'host') ?? '')
}

/** The console has the same origin as objects, which anybody may have written: opened in a browser, they are pages of no origin. */
const SANDBOX = { 'content-security-policy': 'sandbox' }

function rendered({ status = 200, headers = {}, body = '' }: S3Answer, requestId: string): HttpResponse {
  const sent: Record<string, string> = { ...identifying(requestId), ...SANDBOX }
  if (typeof body === 'string' && body !== '') sent['content-type'] = 'application/xml'
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent[name] = value
  return { status, headers: sent, body }
}

/** Who may not look at a bucket is told its Region all the same: Amazon's agent asks for nothing else before it puts something there. */
function renderedError(error: ApiError, { requestId, address }: Known, region: string): HttpResponse {
  const { code, message } = error
  const about = errorSubject(error, address)
  const content = { Code: code, Message: message, ...about, RequestId: requestId, HostId: requestId }
  const place: Record<string, string> =
    code === 'AccessDenied' && address.bucket !== '' ? { 'x-amz-bucket-region': region } : {}
  const own = error instanceof S3Error ? error.headers : {}
  const headers = { ...identifying(requestId), ...place, 'content-type': 'application/xml', ...own }
  return { status: s3Status(code), headers, body: xmlDocument('Error', content) }
}

function identifying(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
}
