/**
 * Operations that no request asks for, such as those that rules of events start. Validated and decided like any other, and on the audit
 * trail in the name of the role, from the address of the service.
 */
import { loadService, validationMessage } from '@steward/model'
import type { Authorizer } from '#iam/authorizer.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type Caused, eventId } from '#kernel/audit-record.ts'
import type {
  Access,
  ActingRole,
  Admit,
  AuditTrail,
  DataSyncDirectory,
  Features,
  InventoryDirectory,
  Perform,
  PerformContext,
  PrincipalDirectory,
  WriteCall,
  WriteOperation,
} from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { type CallFacts, toAuditRecord } from './audit-record.ts'
import { conditionKeys } from './condition-keys.ts'
import type { HttpRequest } from './http-message.ts'
import type { Asked } from './protocol.ts'
import { isAllowed } from './standing.ts'

export interface PerformParts {
  readonly principals: PrincipalDirectory | undefined
  readonly authorizer: Authorizer
  readonly vault: Vault
  readonly features: Features
  readonly inventory: InventoryDirectory
  readonly dataSyncs: DataSyncDirectory
  readonly audit: AuditTrail
  readonly contentFolder: string
}

export function performer(parts: PerformParts): Perform {
  return async (operation, raw, actor, context) => {
    // It all happens in one transaction, which has begun.
    if (operation.prepare) throw new Error(`${operation.name} cannot be performed by a service: it has to be prepared.`)
    const performance = new Performance(parts, operation, actor, context)
    try {
      return await performance.run(raw)
    } catch (error) {
      if (error instanceof ApiError) performance.recordRefusal(error)
      throw error
    }
  }
}

export function admitter({ principals, authorizer }: Pick<PerformParts, 'principals' | 'authorizer'>): Admit {
  return async (demanded, { principal, scope, service }, { db, now }) => {
    const policies = await principals?.policiesOf(db, principal)
    const conditions = () => conditionKeys(requestOf(service), principal, policies, scope.region, now)
    await authorizer.admit({ principal, policies }, demanded, conditions, db)
  }
}

/** One operation on its way. */
class Performance {
  readonly #parts: PerformParts
  readonly #operation: WriteOperation
  readonly #actor: ActingRole
  readonly #context: PerformContext
  readonly #asked: Omit<Asked, 'protocol'>
  readonly #requestId: string
  readonly #caused: Caused[] = []
  #input: object | undefined
  #access: readonly Access[] = []

  constructor(parts: PerformParts, operation: WriteOperation, actor: ActingRole, context: PerformContext) {
    this.#parts = parts
    this.#operation = operation
    this.#actor = actor
    this.#context = context
    this.#asked = askedFor(operation)
    this.#requestId = context.ids.uuid()
  }

  async run(raw: object): Promise<object> {
    const { principals, authorizer, audit } = this.#parts
    const { principal, scope, service } = this.#actor
    const { db, now } = this.#context
    const input = this.#validated(raw)
    const policies = await principals?.policiesOf(db, principal)
    const conditions = () => conditionKeys(requestOf(service), principal, policies, scope.region, now)
    const admit = (demanded: readonly Access[]) => authorizer.admit({ principal, policies }, demanded, conditions, db)
    const call = this.#call((access) => isAllowed(admit([access])))
    this.#access = await this.#operation.access(input, call)
    await admit(this.#access)
    const output = await this.#operation.handle(input, call)
    await audit.add(db, toAuditRecord(this.#facts(output, undefined)))
    this.#context.afterCommit(() => audit.added())
    return output
  }

  /** In a transaction that will be given up, so not part of it. */
  recordRefusal(error: ApiError): void {
    const record = toAuditRecord(this.#facts(undefined, error))
    this.#context.afterRefusal(() => this.#parts.audit.push(record))
  }

  #validated(raw: object): object {
    const { value, violations, typeError } = this.#asked.operation!.validateInput(raw)
    if (typeError !== undefined) throw new ApiError('SerializationException', typeError)
    this.#input = value
    if (violations.length > 0) throw new ApiError('ValidationException', validationMessage(violations))
    return value
  }

  #call(may: WriteCall['may']): WriteCall {
    const { vault, features, inventory, dataSyncs, contentFolder } = this.#parts
    const { principal, scope, service } = this.#actor
    return {
      ...this.#context,
      scope,
      principal,
      may,
      vault,
      features,
      inventory,
      dataSyncs,
      contentFolder,
      principalTags: {},
      origin: '',
      requestId: this.#requestId,
      sourceIp: service,
      userAgent: service,
      cursor: () => undefined,
      nextToken: () => undefined,
      issueNodeCredentials: notInPerson,
      issueSession: notInPerson,
      forgetNode: notInPerson,
      renamePrincipal: notInPerson,
      dropNode: notInPerson,
      caused: (type, id) => this.#caused.push({ type, id }),
    }
  }

  #facts(output: object | undefined, error: ApiError | undefined): CallFacts {
    const { principal, scope, service } = this.#actor
    const { now, ids } = this.#context
    return {
      asked: this.#asked,
      requestId: this.#requestId,
      eventId: eventId(now, ids.uuid()),
      at: now,
      sourceIp: service,
      userAgent: service,
      tlsHost: undefined,
      account: scope.account,
      region: scope.region,
      claimedKey: undefined,
      principal,
      input: this.#input,
      bytes: Number.POSITIVE_INFINITY,
      output,
      access: this.#access,
      caused: this.#caused,
      untold: 0,
      error,
    }
  }
}

function askedFor({ service, name }: WriteOperation): Omit<Asked, 'protocol'> {
  const model = loadService(service)
  const operation = model?.operation(name)
  if (!model || !operation) throw new Error(`There is no model of ${service}:${name}.`)
  return { service: model, operationName: name, operation }
}

/** What conditions see of the request: it is the service's own. */
function requestOf(service: string): Pick<HttpRequest, 'sourceIp' | 'secure' | 'headers'> {
  return { sourceIp: service, secure: true, headers: { 'user-agent': service } }
}

function notInPerson(): never {
  throw new Error('A service that acts for somebody neither hands out credentials nor ends connections.')
}
