/**
 * Which service, protocol and operation a request is for. The service is the one that the signature is scoped to; several
 * share a signing name, and some calls are unsigned, so the target prefix and then the host decide the rest.
 */
import { loadService, matchRestOperation, SERVICE_NAMES, type ServiceModel } from '@steward/model'
import { ApiError } from '#kernel/api-error.ts'
import { awsJson } from './aws-json.ts'
import { type HttpRequest, header } from './http-message.ts'
import { inTodaysForm } from './older-routes.ts'
import type { Asked, Protocol } from './protocol.ts'
import { queryFor, queryForm } from './query.ts'
import { restJson } from './rest-json.ts'

const JSON_10 = awsJson('1.0')
const JSON_11 = awsJson('1.1')

const SERVICES: readonly ServiceModel[] = SERVICE_NAMES.map((name) => loadService(name))
const BY_SIGNING_NAME: ReadonlyMap<string, ServiceModel[]> = Map.groupBy(SERVICES, ({ signingName }) => signingName)

/** Throws `UnknownOperationException` if the request names no service of ours; an unknown operation of one is left to the caller. */
export function resolve(request: HttpRequest, signingName: string | undefined): Asked {
  const signedFor = signingName === undefined ? undefined : BY_SIGNING_NAME.get(signingName)
  const target = header(request, 'x-amz-target')
  if (target !== undefined) return byTarget(target, signedFor ?? SERVICES, request)
  for (const service of signedFor ?? unsignedFor(request)) {
    const asked = service.protocol === 'query' ? byAction(service, request) : byRoute(service, request)
    if (asked) return asked
  }
  throw new ApiError(
    'UnknownOperationException',
    signingName
      ? `The request names no operation of the service '${signingName}'.`
      : 'The request names no operation: it has neither X-Amz-Target nor a signature that names a service.',
  )
}

/** The protocol to answer an error in when nothing else is known of the request. */
export function guessProtocol(request: HttpRequest): Protocol {
  const type = header(request, 'content-type') ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) return queryFor(request)
  return type.startsWith('application/json') ? restJson : JSON_11
}

function byTarget(target: string, candidates: readonly ServiceModel[], request: HttpRequest): Asked {
  if (request.method !== 'POST')
    throw new ApiError('UnknownOperationException', `There is no operation at ${request.method} with X-Amz-Target.`)
  const dot = target.lastIndexOf('.')
  const prefix = target.slice(0, Math.max(dot, 0))
  // CloudTrail's prefix is a dotted name, of which some SDKs send the last part only.
  const service = candidates.find(({ targetPrefix }) => targetPrefix === prefix || targetPrefix?.endsWith(`.${prefix}`))
  if (!service) throw new ApiError('UnknownOperationException', `There is no service for the target '${target}'.`)
  const operationName = target.slice(dot + 1)
  const protocol = header(request, 'content-type')?.startsWith('application/x-amz-json-1.0') ? JSON_10 : JSON_11
  return { service, operationName, operation: service.operation(operationName), protocol }
}

function byAction(service: ServiceModel, request: HttpRequest): Asked | undefined {
  const action = queryForm(request).get('Action')
  const protocol = queryFor(request)
  return action ? { service, operationName: action, operation: service.operation(action), protocol } : undefined
}

function byRoute(service: ServiceModel, request: HttpRequest): Asked | undefined {
  if (service.protocol !== 'rest-json') return undefined
  const { method, path } = inTodaysForm(service, request)
  const match = matchRestOperation(service, method, path)
  return match && { service, operationName: match.operation.name, operation: match.operation, protocol: restJson }
}

/** The service of the host's name; failing that, those of the Query protocol that know the action, or those with routes. */
function unsignedFor(request: HttpRequest): readonly ServiceModel[] {
  const service = loadService(header(request, 'host')?.split('.')[0] ?? '')
  if (service) return [service]
  const action = queryForm(request).get('Action')
  if (action) return SERVICES.filter((one) => one.protocol === 'query' && one.operation(action))
  return SERVICES.filter((one) => one.protocol === 'rest-json')
}
