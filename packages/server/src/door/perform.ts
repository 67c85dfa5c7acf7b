/** Operations that no request asks for, such as those that rules of events start: validated and decided like any other. */
import { loadService, validationMessage } from '@steward/model'
import type { Authorizer } from '#iam/authorizer.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Features, Perform, PrincipalDirectory, WriteCall, WriteOperation } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { conditionKeys } from './condition-keys.ts'
import type { HttpRequest } from './http-message.ts'

export interface PerformParts {
  readonly principals: PrincipalDirectory | undefined
  readonly authorizer: Authorizer
  readonly vault: Vault
  readonly features: Features
}

export function performer({ principals, authorizer, vault, features }: PerformParts): Perform {
  return async (operation, raw, { principal, scope, service }, context) => {
    const input = validated(operation, raw)
    const call: WriteCall = {
      ...context,
      scope,
      principal,
      vault,
      requestId: context.ids.uuid(),
      sourceIp: service,
      features,
      cursor: () => undefined,
      nextToken: () => undefined,
      issueNodeCredentials: notInPerson,
      issueSession: notInPerson,
      dropNode: notInPerson,
      caused: () => {},
    }
    const policies = await principals?.policiesOf(context.db, principal)
    const conditions = () => conditionKeys(requestOf(service), principal, policies, scope.region, context.now)
    await authorizer.admit({ principal, policies }, await operation.access(input, call), conditions, context.db)
    return operation.handle(input, call)
  }
}

function validated(operation: WriteOperation, raw: object): object {
  const model = loadService(operation.service)?.operation(operation.name)
  if (!model) throw new Error(`There is no model of ${operation.service}:${operation.name}.`)
  const { value, violations, typeError } = model.validateInput(raw)
  if (typeError !== undefined) throw new ApiError('SerializationException', typeError)
  if (violations.length > 0) throw new ApiError('ValidationException', validationMessage(violations))
  return value
}

/** What conditions see of the request: it is the service's own. */
function requestOf(service: string): Pick<HttpRequest, 'sourceIp' | 'secure' | 'headers'> {
  return { sourceIp: service, secure: true, headers: { 'user-agent': service } }
}

function notInPerson(): never {
  throw new Error('A service that acts for somebody neither hands out credentials nor ends connections.')
}
