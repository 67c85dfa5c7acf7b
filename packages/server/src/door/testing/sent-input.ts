/** Writes an input as a client of its service sends it: JSON, REST-JSON, or the form of the Query protocol. */
import type { OperationModel } from '@steward/model'

export interface SentInput {
  readonly method?: string
  /** Path and query. */
  readonly target?: string
  readonly headers: Record<string, string>
  readonly body: string
}

export function sentInput(model: OperationModel, input: object): SentInput {
  const { protocol, targetPrefix } = model.service.metadata
  if (protocol === 'query') {
    const form = new URLSearchParams({ Action: model.name })
    if (model.inputShape) addToForm(form, model, model.inputShape, '', input)
    return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() }
  }
  if (protocol === 'rest-json') return sentOverPath(model, input)
  return {
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${targetPrefix}.${model.name}` },
    body: JSON.stringify(inJson(input)),
  }
}

function sentOverPath({ http, service, inputShape }: OperationModel, input: object): SentInput {
  const members = inputShape === undefined ? {} : (service.shapes[inputShape]?.members ?? {})
  const body: Record<string, unknown> = {}
  const query = new URLSearchParams()
  let path = http.requestUri
  for (const [name, value] of Object.entries(input)) {
    const { location, locationName = name } = members[name] ?? {}
    if (location === 'uri') path = path.replace(`{${locationName}}`, encodeURIComponent(String(value)))
    else if (location === 'querystring') query.append(locationName, String(value))
    else body[name] = value
  }
  const target = query.size > 0 ? `${path}?${query}` : path
  if (http.method === 'GET') return { method: http.method, target, headers: {}, body: '' }
  const headers = { 'content-type': 'application/json' }
  return { method: http.method, target, headers, body: JSON.stringify(inJson(body)) }
}

function inJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(inJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inJson(member)]))
}

function addToForm(
  form: URLSearchParams,
  model: OperationModel,
  shapeName: string,
  name: string,
  value: unknown,
): void {
  const shape = model.service.shapes[shapeName]!
  const at = (step: string) => (name === '' ? step : `${name}.${step}`)
  if (value instanceof Date) form.append(name, value.toISOString())
  else if (value instanceof Uint8Array) form.append(name, Buffer.from(value).toString('base64'))
  else if (shape.type === 'structure') {
    for (const [member, { shape: of, locationName }] of Object.entries(shape.members ?? {})) {
      const given = (value as Record<string, unknown>)[member]
      if (given !== undefined) addToForm(form, model, of, at(locationName ?? member), given)
    }
  } else if (shape.type === 'list') {
    const step = shape.flattened ? '' : `${shape.member!.locationName ?? 'member'}.`
    for (const [i, one] of (value as unknown[]).entries()) {
      addToForm(form, model, shape.member!.shape, at(`${step}${i + 1}`), one)
    }
  } else if (shape.type === 'map') {
    const step = shape.flattened ? '' : 'entry.'
    for (const [i, [key, one]] of Object.entries(value as object).entries()) {
      form.append(at(`${step}${i + 1}.${shape.key!.locationName ?? 'key'}`), key)
      addToForm(form, model, shape.value!.shape, at(`${step}${i + 1}.${shape.value!.locationName ?? 'value'}`), one)
    }
  } else form.append(name, String(value))
}
