// REST-JSON: the operation is a method and a path; members travel in path labels, query string, headers and body.
import { shapeOf } from './compile.ts'
import type { OperationModel } from './operation-model.ts'
import { payloadMember, restBindings } from './rest-bindings.ts'
import type { ServiceModel } from './service-model.ts'
import { fromText, toText } from './text-values.ts'

/** An operation found by its method and path, and what the path's labels stand for. */
export interface RestMatch {
  operation: OperationModel
  labels: Record<string, string>
}

/** The parts of a request that carry input. The body is parsed JSON, or bytes if the operation `hasPayloadBlob`. */
export interface RestRequest {
  labels: Readonly<Record<string, string>>
  query: URLSearchParams
  /** Names in lower case, as Node has them. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: unknown
}

export interface RestResponse {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array
}

interface Route {
  method: string
  segments: string[]
  operationName: string
}

const routesOf = new WeakMap<ServiceModel, Route[]>()

/** The operation of a service at a method and (still encoded) path. A literal path wins over one with labels. */
export function matchRestOperation(service: ServiceModel, method: string, path: string): RestMatch | undefined {
  const segments = segmentsOf(path)
  for (const route of routes(service)) {
    const labels = route.method === method ? matchSegments(route.segments, segments) : undefined
    if (labels) return { operation: service.operation(route.operationName)!, labels }
  }
  return undefined
}

function routes(service: ServiceModel): Route[] {
  const known = routesOf.get(service)
  if (known) return known
  const compiled = service.operations
    .map((operationName): Route => {
      const { method, requestUri } = service.operation(operationName)!.http
      return { method, segments: segmentsOf(requestUri), operationName }
    })
    .sort((a, b) => labelCount(a) - labelCount(b))
  routesOf.set(service, compiled)
  return compiled
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function labelCount(route: Route): number {
  return route.segments.filter(isLabel).length
}

function isLabel(segment: string): boolean {
  return segment.startsWith('{')
}

function matchSegments(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined
  const labels: Record<string, string> = {}
  for (const [index, expected] of template.entries()) {
    const segment = segments[index]!
    if (isLabel(expected)) labels[expected.slice(1, -1)] = decode(segment)
    else if (expected !== segment) return undefined
  }
  return labels
}

/** A label that is not well encoded is taken as it stands; constraints will tell. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The input of an operation as a REST request carries it, ready for `validateInput`, which also refuses an odd body. */
export function parseRestInput(operation: OperationModel, request: RestRequest): unknown {
  if (!operation.inputShape) return {}
  const { shapes } = operation.service
  const { payload } = shapeOf(shapes, operation.inputShape)
  const input = payload === undefined ? bodyMembers(operation, request.body) : { [payload]: request.body }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  for (const { name, wireName, reference, shape } of restBindings(shapes, operation.inputShape).located) {
    const texts = textsAt(request, reference.location!, wireName)
    if (texts.length === 0) continue
    const plain = shape.type === 'list' ? shapeOf(shapes, shape.member!.shape) : shape
    const values = texts.map((text) => fromText(plain, text))
    Object.assign(input, { [name]: shape.type === 'list' ? values : values[0] })
  }
  return input
}

/** The body without members that belong elsewhere; a body that is no object stays as it is. */
function bodyMembers(operation: OperationModel, body: unknown): unknown {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) return body
  const names = restBindings(operation.service.shapes, operation.inputShape!).body.map(({ name }) => name)
  const fields = body as Record<string, unknown>
  return Object.fromEntries(names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]))
}

function textsAt(request: RestRequest, location: string, wireName: string): string[] {
  if (location === 'querystring') return request.query.getAll(wireName)
  const found = location === 'uri' ? request.labels[wireName] : request.headers[wireName.toLowerCase()]
  return found === undefined ? [] : [found].flat()
}

/** The answer of an operation: the model's status, headers for the members bound to them, JSON or bytes as body. */
export function renderRestOutput(operation: OperationModel, output: object): RestResponse {
  const status = operation.http.responseCode ?? 200
  if (!operation.outputShape) return { status, headers: {}, body: status === 204 ? '' : '{}' }
  const { shapes, codecs } = operation.service
  const fields = output as Record<string, unknown>
  const { located, body } = restBindings(shapes, operation.outputShape)
  const headers: Record<string, string> = {}
  for (const { name, wireName, shape } of located) {
    const field = fields[name]
    if (field !== undefined && field !== null) headers[wireName.toLowerCase()] = toText(shape, field, 'rfc822')
  }
  const payload = shapeOf(shapes, operation.outputShape).payload
  if (payload !== undefined && payloadMember(shapes, operation.outputShape)!.type === 'blob') {
    return { status, headers, body: (fields[payload] as Uint8Array | undefined) ?? '' }
  }
  const written = body
    .filter(({ name }) => fields[name] !== undefined && fields[name] !== null)
    .map(({ name, shapeName }) => [name, codecs.writer(shapeName)(fields[name])])
  return { status, headers, body: status === 204 ? '' : JSON.stringify(Object.fromEntries(written)) }
}
