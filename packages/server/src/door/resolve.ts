/**
 * Which service, protocol and operation a request is for. The service is the one that the signature is scoped to; several
 * share a signing name, and some calls are unsigned, so the target prefix and then the host decide the rest.
 */
import { findByTargetPrefix, findServices, loadService, matchRestOperation, type ServiceModel } from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { awsJson } from './aws-json.ts'
import { type HttpRequest, header } from './http-message.ts'
import type { Asked, Protocol } from './protocol.ts'
import { query, queryForm } from './query.ts'
import { restJson } from './rest-json.ts'

const JSON_10 = awsJson('1.0')
export const JSON_11 = awsJson('1.1')

/** Throws `UnknownOperationException` if the request names no service of ours; an unknown operation of one is left to the caller. */
export function resolve(request: HttpRequest, signingName: string | undefined): Asked {
  const target = header(request, 'x-amz-target')
  if (target !== undefined) return byTarget(target, request)
  const candidates = signingName ? findServices(signingName) : byHost(request)
  for (const service of candidates) {
    const asked = service.protocol === 'query' ? byAction(service, request) : byRoute(service, request)
    if (asked) return asked
  }
  throw new ApiError(
    'UnknownOperationException',
    signingName
      ? `The request names no operation of the service '${signingName.slice(0, 64)}'.`
      : 'The request names no operation: it has neither X-Amz-Target nor a signature that names a service.',
  )
}

/** The protocol to answer an error in when nothing else is known of the request. */
export function guessProtocol(request: HttpRequest): Protocol {
  const type = header(request, 'content-type') ?? ''
  return type.startsWith('application/x-www-form-urlencoded') ? query : type === 'application/json' ? restJson : JSON_11
}

function byTarget(target: string, request: HttpRequest): Asked {
  const dot = target.lastIndexOf('.')
  const service = findByTargetPrefix(target.slice(0, dot))
  if (dot < 0 || !service)
    throw new ApiError('UnknownOperationException', `There is no service for the target '${target.slice(0, 200)}'.`)
  const operationName = target.slice(dot + 1)
  const protocol = header(request, 'content-type')?.startsWith('application/x-amz-json-1.0') ? JSON_10 : JSON_11
  return { service, operationName, operation: service.operation(operationName), protocol }
}

function byAction(service: ServiceModel, request: HttpRequest): Asked | undefined {
  const action = queryForm(request).get('Action')
  if (!action) return undefined
  return { service, operationName: action, operation: service.operation(action), protocol: query }
}

function byRoute(service: ServiceModel, request: HttpRequest): Asked | undefined {
  if (service.protocol !== 'rest-json') return undefined
  const match = matchRestOperation(service, request.method, request.path)
  return match && { service, operationName: match.operation.name, operation: match.operation, protocol: restJson }
}

function byHost(request: HttpRequest): readonly ServiceModel[] {
  const name = header(request, 'host')?.split('.')[0] ?? ''
  const service = loadService(name)
  return service ? [service] : []
}
