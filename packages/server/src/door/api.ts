/**
 * The life of a request, the same for every operation: resolve, identify, parse, validate, authorise, open the transaction,
 * handle, commit, after-commit, render. A write that has something to prepare is authorised before it does so, and once more in its
 * transaction. One line in the log for each, and one record on the audit trail: that of a write in the write's own transaction, that of
 * everything else soon after, together with others.
 */
import { type OperationModel, type ServiceModel, validationMessage } from '@steward/model'
import type { Database } from '#db/database.ts'
import type { Authorizer, Conditions } from '#iam/authorizer.ts'
import { type Claim, readClaim } from '#iam/claim.ts'
import type { SealedCredentials } from '#iam/sealed-credentials.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type AuditRecord, type Caused, eventId, type UserIdentity } from '#kernel/audit-record.ts'
import type { Clock } from '#kernel/clock.ts'
import type {
  Access,
  AssociationDirectory,
  AuditTrail,
  Call,
  Capability,
  ChangeKind,
  DataSyncDirectory,
  Features,
  InventoryDirectory,
  LiveNodes,
  LiveSessions,
  OpenCall,
  Operation,
  PrincipalPolicies,
  Task,
  WriteCall,
  WriteOperation,
} from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Scope } from '#kernel/scope.ts'
import type { SecretStore } from '#kernel/secret-store.ts'
import type { Vault } from '#kernel/vault.ts'
import { type CallFacts, isReadOnly, issuesCredentials, isWorthRecording, toAuditRecord } from './audit-record.ts'
import type { Authenticator, Identified } from './authenticate.ts'
import { COMMON_ERRORS, wireCode } from './common-errors.ts'
import { conditionKeys } from './condition-keys.ts'
import { type HttpRequest, type HttpResponse, header } from './http-message.ts'
import type { PageTokens } from './page-token.ts'
import type { Asked } from './protocol.ts'
import { originOf } from './public-url.ts'
import { guessProtocol, resolve } from './resolve.ts'
import { isAllowed, standingOf } from './standing.ts'
import { noteKinds } from './stream/note-kinds.ts'
import { type Throttle, UNPROVEN } from './throttle.ts'

export interface ApiParts {
  readonly operations: readonly Operation[]
  /** What calls of an operation change, unless they say so themselves. */
  readonly changeKinds: (operation: Operation) => readonly ChangeKind[]
  readonly database: Pick<Database, 'read' | 'write'>
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  readonly pageTokens: PageTokens
  readonly sealed: SealedCredentials
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  readonly vault: Vault
  readonly features: Features
  readonly audit: AuditTrail
  readonly throttle: Throttle
  /** Undefined: no account has it. */
  readonly highThroughput?: Capability['highThroughput'] | undefined
  readonly account: string
  readonly defaultRegion: string
  readonly associations: AssociationDirectory
  readonly secrets: SecretStore | undefined
  readonly inventory: InventoryDirectory
  readonly dataSyncs: DataSyncDirectory
  readonly live: LiveNodes
  readonly wake: (task: Task) => void
  readonly wakeNodes: (scope: Scope, nodeIds: Iterable<string>) => void
  readonly forgetNode: NonNullable<Capability['forgetNode']>
  readonly renamePrincipal: NonNullable<Capability['renamePrincipal']>
  readonly dropNode: (nodeId: string) => void
  readonly contentFolder: string
  readonly sessions: LiveSessions
  /** As configured; undefined: wherever a request says that it went. */
  readonly publicUrl: string | undefined
  /** For our own tests: an answer or an error that the model does not know is a failure. */
  readonly checkAnswers: boolean
  readonly observe: (service: string, operation: string, code: string, seconds: number) => void
}

export class Api {
  readonly #parts: ApiParts
  readonly #operations: ReadonlyMap<string, Operation>
  /** Calls of unproven callers that have no record of their own, because there were too many. */
  #untold = 0

  constructor(parts: ApiParts) {
    this.#parts = parts
    this.#operations = new Map(
      parts.operations.map((operation) => [`${operation.service}.${operation.name}`, operation]),
    )
  }

  async handle(request: HttpRequest, outcome?: Outcome): Promise<HttpResponse> {
    const started = performance.now()
    const requestId = this.#parts.ids.uuid()
    const known: Known = { request, requestId, outcome, access: [], caused: [] }
    let code = ''
    let response: HttpResponse
    try {
      known.claim = readClaim(request)
      known.asked = resolve(request, known.claim?.service)
      response = await this.#answer(known.asked, known)
    } catch (thrown) {
      const error = await this.#refused(thrown, known)
      code = error.code
      response = this.#renderError(error, known.asked, request, requestId)
    }
    this.#finish(known, response.status, code, performance.now() - started)
    return response
  }

  /** Answers a call that was made elsewhere and must not be told of, with what stands in the way. */
  refuse(request: HttpRequest, thrown: unknown): HttpResponse {
    const started = performance.now()
    const known: Known = { request, requestId: this.#parts.ids.uuid(), outcome: undefined, access: [], caused: [] }
    const asked = resolved(request)
    if (asked) known.asked = asked
    const error = this.#toApiError(thrown, asked, known.requestId)
    const response = this.#renderError(error, asked, request, known.requestId)
    this.#finish(known, response.status, error.code, performance.now() - started)
    return response
  }

  async #answer(asked: Asked, known: Known): Promise<HttpResponse> {
    const { claim, request, requestId } = known
    const model = asked.operation
    if (!model) {
      throw new ApiError(
        'UnknownOperationException',
        `${asked.service.name} has no operation '${asked.operationName}'.`,
      )
    }
    const now = this.#parts.clock.now()
    const operation = this.#operationOf(asked)
    const how = operation?.authentication ?? 'sigv4'
    const identified = await this.#parts.authenticator.identify(request, claim && asTimed(claim, asked.service), {
      how,
      service: asked.service.signingName,
      now,
      sourceIp: request.sourceIp,
    })
    known.principal = identified.principal
    await this.#admitRate(identified, asked)
    if (!operation) {
      throw new ApiError(
        'NotImplemented',
        `${asked.service.name}:${model.name} is not built into Steward yet; see docs/coverage.md.`,
      )
    }
    const input = validated(model, asked.protocol.parse(asked, model, request), known)
    const output = await this.#run(operation, input, this.#call(model, input, identified, known, now))
    if (this.#parts.checkAnswers) checkOutput(model, output)
    const response = asked.protocol.render(model, output, requestId)
    if (operation.kind !== 'write' && isWorthRecording(asked) && !operation.recordsItself(undefined)) {
      const record = this.#recordOf({ ...known, asked }, undefined, issuesCredentials(asked) ? output : undefined)
      known.carriedOut = true
      const kept = this.#keep(known, record, isRecordedFirst(operation, asked, input, output))
      if (kept) await kept
    }
    return response
  }

  #operationOf(asked: Asked | undefined): Operation | undefined {
    return asked && this.#operations.get(`${asked.service.name}.${asked.operationName}`)
  }

  /** Throws `ThrottlingException`. */
  #admitRate({ principal: { account }, region = this.#parts.defaultRegion }: Identified, asked: Asked): Promise<void> {
    const { throttle, database, highThroughput } = this.#parts
    const hasHigh = async () =>
      highThroughput !== undefined && database.read((reader) => highThroughput(reader, { account, region }))
    return throttle.admitOrHigh(account, asked, hasHigh)
  }

  /** What the caller is told of what went wrong, once that is on record. */
  async #refused(thrown: unknown, known: Known): Promise<ApiError> {
    const error = this.#toApiError(thrown, known.asked, known.requestId)
    const { principal, request } = known
    if (principal?.kind === 'node' && error.code === 'MachineFingerprintDoesNotMatch')
      this.#parts.authenticator.refused(principal.nodeId, error, request.sourceIp, this.#parts.clock.now())
    // What was carried out has its record, which the trail keeps also when it cannot write it now: only the answer is withheld.
    if (known.carriedOut || this.#operationOf(known.asked)?.recordsItself(error)) return error
    try {
      await this.#record(known, error)
      return error
    } catch (failed) {
      return this.#toApiError(failed, known.asked, known.requestId)
    }
  }

  /** Hands the record of a call that was refused to the trail. A promise asks to wait before the call is answered. */
  #record(known: Known, error: ApiError): Promise<void> | undefined {
    const asked = known.asked ?? resolved(known.request)
    // What names no operation at all is no call.
    if (!asked) return undefined
    if (!known.principal && !this.#parts.throttle.take('unproven records', UNPROVEN)) {
      this.#untold += 1
      return undefined
    }
    return this.#keep(known, this.#recordOf({ ...known, asked }, error), false)
  }

  /** A promise is to be waited for before the call is answered. `first`: until the record is durable. */
  #keep({ outcome }: Known, record: AuditRecord, first: boolean): Promise<void> | undefined {
    if (!outcome) return first ? this.#parts.audit.write(record) : this.#parts.audit.push(record)
    outcome.record = record
    outcome.first = first
    return undefined
  }

  #recordOf(known: KnownCall, error: ApiError | undefined, output?: object): AuditRecord {
    return toAuditRecord(this.#facts(known, error, output))
  }

  #facts(known: KnownCall, error: ApiError | undefined, output: object | undefined): CallFacts {
    const { asked, claim, request, requestId, principal, identity, input, access, caused } = known
    const { clock, ids, account, defaultRegion } = this.#parts
    const at = clock.now()
    const untold = principal ? 0 : this.#untold
    this.#untold -= untold
    return {
      asked,
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
      identity,
      input,
      bytes: request.body.length,
      output,
      access,
      caused,
      untold,
      error: error && { code: wireCode(asked.service, error.code), message: error.message },
    }
  }

  #call(
    model: OperationModel,
    input: object,
    { principal, policies, region }: Identified,
    known: Known,
    now: Date,
  ): CallParts {
    const { pageTokens, sealed, ids, log, vault, features, inventory, dataSyncs, defaultRegion, publicUrl } =
      this.#parts
    const scope = { account: principal.account, region: region ?? defaultRegion }
    let bound: string | undefined
    const binding = () => {
      bound ??= pageBinding(model, input, scope, principal.arn)
      return bound
    }
    const token = pageToken(model, input)
    return {
      scope,
      principal,
      known,
      policies,
      conditions: () => conditionKeys(known.request, principal, policies, scope.region, now),
      requestId: known.requestId,
      now,
      ids,
      log,
      vault,
      sourceIp: known.request.sourceIp,
      userAgent: header(known.request, 'user-agent'),
      features,
      inventory,
      dataSyncs,
      principalTags: policies?.tags ?? {},
      origin: originOf(known.request, publicUrl),
      signal: () => known.request.signal,
      issueNodeCredentials: (node, role, lifeSeconds) =>
        sealed.issue({
          kind: 'node',
          ...node.scope,
          nodeId: node.nodeId,
          role,
          expires: now.getTime() + lifeSeconds * 1000,
        }),
      issueSession: (session, lifeSeconds) => sealed.issue({ ...session, expires: now.getTime() + lifeSeconds * 1000 }),
      cursor: <C>() => (token === undefined ? undefined : (openToken(model, pageTokens, token, binding()) as C)),
      nextToken: (cursor) => (cursor === undefined ? undefined : pageTokens.seal(cursor, binding())),
    }
  }

  /** Whether the caller may is decided on the same state that the operation sees. */
  async #run(operation: Operation, input: object, parts: CallParts): Promise<object> {
    const { database, associations, secrets } = this.#parts
    if (operation.kind === 'write') return this.#write(operation, input, parts)
    if (operation.kind === 'read') {
      return database.read(async (db) => {
        const call = { ...parts, db, associations, secrets }
        await this.#admit(operation, input, call)
        return operation.handle(input, call)
      })
    }
    await database.read((db) => this.#admit(operation, input, { ...parts, db }))
    return operation.handle(input, this.#openCall(parts))
  }

  async #admit(operation: Operation, input: object, call: Call & CallParts): Promise<void> {
    const demanded = await operation.access(input, call)
    call.known.access = demanded
    await this.#parts.authorizer.admit(call, demanded, call.conditions, call.db)
    // A token that is not good is refused even by an operation that would not look at it.
    call.cursor()
  }

  async #write(operation: WriteOperation, input: object, parts: CallParts): Promise<object> {
    const { wake, wakeNodes, forgetNode, renamePrincipal, dropNode, sessions, database, audit, changeKinds } =
      this.#parts
    const { contentFolder } = this.#parts
    const { known } = parts
    const prepared = operation.prepare && (await this.#prepare(operation, operation.prepare, input, parts))
    let effects: (() => void)[] = []
    const output = await database.write(async (db) => {
      // A repeated transaction starts over with its effects too.
      effects = []
      const caused: Caused[] = []
      const call: WriteCall & CallParts = {
        ...parts,
        db,
        contentFolder,
        may: (access) => isAllowed(this.#parts.authorizer.admit(parts, [access], parts.conditions, db)),
        caused: (type, id) => caused.push({ type, id }),
        afterCommit: (effect) => effects.push(effect),
        wake: (task) => effects.push(() => wake(task)),
        wakeNodes: (scope, nodeIds) => effects.push(() => wakeNodes(scope, nodeIds)),
        forgetNode: (nodeId) => forgetNode(db, parts.scope, nodeId, parts.now),
        renamePrincipal: (from, to) => renamePrincipal(db, from, to),
        dropNode: (nodeId) => effects.push(() => dropNode(nodeId)),
        endSession: (sessionId, output) => effects.push(() => sessions.end(sessionId, output)),
      }
      await this.#admit(operation, input, call)
      const output = await operation.handle(input, call, prepared)
      const { asked } = known
      if (asked && isWorthRecording(asked)) {
        noteKinds(call, changeKinds(operation), known.access)
        await audit.add(db, this.#recordOf({ ...known, asked, caused }, undefined, output))
        effects.push(() => audit.added())
      }
      return output
    })
    for (const effect of effects) effect()
    return output
  }

  async #prepare(
    operation: Operation,
    prepare: NonNullable<WriteOperation['prepare']>,
    input: object,
    parts: CallParts,
  ): Promise<unknown> {
    const { database, contentFolder } = this.#parts
    await database.read((db) => this.#admit(operation, input, { ...parts, db }))
    return prepare(input, { ...parts, contentFolder, read: (work) => database.read(work) })
  }

  #openCall(parts: CallParts): OpenCall {
    const { database, audit, live, wake, wakeNodes } = this.#parts
    return {
      ...parts,
      audit,
      live,
      wake,
      wakeNodes,
      provenAs: (identity) => {
        parts.known.identity = identity
      },
      standing: () => standingOf(parts.known.request, parts.known.claim, this.#parts),
      read: (work) => database.read(work),
      write: (work) => database.write(work),
      signal: parts.signal(),
    }
  }

  #toApiError(thrown: unknown, asked: Asked | undefined, requestId: string): ApiError {
    if (thrown instanceof ApiError && this.#mayAnswer(thrown, asked)) {
      const { code, cause, detail } = thrown
      const level = code === 'ServiceUnavailable' ? 'error' : 'info'
      if (cause || detail) this.#parts.log[level]({ requestId, code, err: cause, detail }, 'request refused')
      return thrown
    }
    this.#parts.log.error({ requestId, operation: asked?.operationName, err: thrown }, 'request failed')
    return new ApiError(
      'InternalServerError',
      `The server could not answer. Its log has the reason under request id ${requestId}.`,
    )
  }

  /** Whether the operation declares the error, or every operation may have it. */
  #mayAnswer({ code }: ApiError, asked: Asked | undefined): boolean {
    const declared = code in COMMON_ERRORS || (asked?.operation?.declares(code) ?? true)
    return declared || !this.#parts.checkAnswers
  }

  #renderError(error: ApiError, asked: Asked | undefined, request: HttpRequest, requestId: string): HttpResponse {
    const protocol = asked?.protocol ?? guessProtocol(request)
    // By the name of a common error an operation may mean one of its own, such as STS by an expired token that was handed in.
    const common = asked?.operation?.declares(error.code) ? undefined : COMMON_ERRORS[error.code]
    const status = common ?? asked?.service.errorStatus(error.code) ?? 400
    return protocol.renderError(error, status, { asked, requestId })
  }

  #finish(
    { asked, request, requestId, principal, outcome }: Known,
    status: number,
    code: string,
    milliseconds: number,
  ) {
    const operation = asked?.operation?.name ?? 'unknown'
    const seconds = milliseconds / 1000
    if (outcome) Object.assign(outcome, { proven: principal !== undefined, code, seconds } satisfies Outcome)
    else this.#parts.observe(asked?.service.name ?? 'unknown', operation, code, seconds)
    const level = status >= 500 && status !== 501 ? 'error' : 'debug'
    this.#parts.log[level](
      {
        requestId,
        service: asked?.service.name,
        operation,
        status,
        code: code || undefined,
        ms: milliseconds,
        ip: request.sourceIp,
      },
      'request',
    )
  }
}

interface CallParts extends Omit<Call, 'db'> {
  readonly known: Known
  readonly policies: PrincipalPolicies | undefined
  conditions(): Conditions
  signal(): AbortSignal
}

/** What is left to whoever passes the answer on. */
export interface Outcome {
  /** Whether the caller was proven. */
  proven?: boolean
  /** To be kept before the answer goes out; durably, if it must be there first. */
  record?: AuditRecord
  first?: boolean
  /** What is to be observed: the error's code, or empty, and the time that it took. */
  code?: string
  seconds?: number
}

/** What is known of a request, more and more as it goes through. */
interface Known {
  readonly request: HttpRequest
  readonly outcome: Outcome | undefined
  readonly requestId: string
  claim?: Claim | undefined
  asked?: Asked
  principal?: Principal
  identity?: UserIdentity
  input?: object
  access: readonly Access[]
  readonly caused: readonly Caused[]
  /** Whether the operation ran to its end and its record was handed to the trail. */
  carriedOut?: boolean
}

interface KnownCall extends Known {
  readonly asked: Asked
}

/** Whether a call, other than a write, is answered only when it is durably on record: what reveals a secret or changes something. */
function isRecordedFirst(operation: Operation, asked: Asked, input: object, output: object): boolean {
  const changes = operation.kind === 'open' && !isReadOnly(asked)
  return changes || issuesCredentials(asked) || operation.recordedFirst(input, output)
}

/**
 * STS takes a presigned request for a quarter of an hour, whatever `X-Amz-Expires` says. Tokens for Kubernetes rely on it: they say 60
 * and are used for 14 minutes (documented by aws-iam-authenticator).
 */
function asTimed(claim: Claim, { name }: ServiceModel): Claim {
  return name === 'sts' && claim.presigned ? { ...claim, lifeSeconds: 900 } : claim
}

/** What a request asks for whose signature cannot be read. */
function resolved(request: HttpRequest): Asked | undefined {
  try {
    return resolve(request, undefined)
  } catch {
    return undefined
  }
}

function checkOutput(model: OperationModel, output: object): void {
  const problems = model.checkOutput(output)
  if (problems.length === 0) return
  throw new Error(`The answer of ${model.name} is not what its model says: ${problems.join('; ')}`)
}

function validated(model: OperationModel, raw: unknown, known: Known): object {
  const { value, violations, typeError } = model.validateInput(raw)
  if (typeError !== undefined) throw new ApiError('SerializationException', typeError)
  known.input = value
  if (violations.length > 0) throw new ApiError('ValidationException', validationMessage(violations))
  return value
}

/** The members of an operation's input that turn pages, which a few services call otherwise. Not every one that pages says how. */
function paging({ pagination }: OperationModel): { token: string; limits: readonly string[]; answered: string } {
  const { inputToken = 'NextToken', outputToken = 'NextToken', limitKey } = pagination ?? {}
  return { token: inputToken, limits: limitKey ? [limitKey] : ['MaxResults', 'Limit'], answered: outputToken }
}

function pageToken(model: OperationModel, input: object): string | undefined {
  const token = (input as Record<string, unknown>)[paging(model).token]
  return typeof token === 'string' && token !== '' ? token : undefined
}

/** Throws the error that the service has for a token which is not good, where it has one of its own. */
function openToken(model: OperationModel, pageTokens: PageTokens, token: string, binding: string): unknown {
  try {
    return pageTokens.open(token, binding, paging(model).answered)
  } catch (error) {
    if (model.declares('InvalidMarkerException')) {
      throw new ApiError(
        'InvalidMarkerException',
        'The marker is not valid. Use the NextMarker of the previous answer.',
      )
    }
    if (!model.declares('InvalidNextTokenException')) throw error
    throw new ApiError('InvalidNextTokenException', (error as Error).message)
  }
}

/** Everything that must be the same from page to page: all of the input but the token and the page size. */
function pageBinding(model: OperationModel, input: object, scope: Scope, caller: string): string {
  const { token, limits } = paging(model)
  const filters = Object.entries(input)
    .filter(([name]) => name !== token && !limits.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([model.service.name, model.name, scope.account, scope.region, caller, filters])
}
