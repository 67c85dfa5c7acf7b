/**
 * The request that an API destination gets. Every one is signed as Standard Webhooks says: `webhook-signature` is `v1,` and the
 * base64 of an HMAC-SHA256, under the connection's secret, over `<webhook-id>.<webhook-timestamp>.<body>`. The id is the same when a
 * delivery is repeated, so a receiver can tell.
 */
import { createHmac } from 'node:crypto'
import type { ConnectionHttpParameters, HttpParameters } from '@steward/model/generated/events.ts'
import type { Delivery } from '#kernel/declare.ts'
import type { OutboundRequest } from '#kernel/outbound.ts'
import { type ConnectionSecrets, signingSecret } from './connection.ts'
import { parseExactly } from './exact-json.ts'
import type { ApiDestinationRow } from './tables.ts'

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Set by us or by HTTP itself; what a connection says of them is left out. */
const OURS = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'expect'],
  ...['proxy-authorization', 'proxy-authenticate', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
])

export function webhookRequest(
  destination: Pick<ApiDestinationRow, 'endpoint' | 'method'>,
  secrets: ConnectionSecrets,
  delivery: Pick<Delivery, 'id' | 'payload' | 'settings'>,
  now: Date,
): OutboundRequest {
  const ofTarget = (delivery.settings.HttpParameters ?? {}) as HttpParameters
  const ofConnection = secrets.InvocationHttpParameters ?? {}
  const body = WITHOUT_BODY.has(destination.method) ? '' : bodyOf(delivery.payload, ofConnection)
  return {
    method: destination.method,
    url: urlOf(destination.endpoint, ofTarget, ofConnection),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Steward/EventBridge/ApiDestinations',
      ...headersOf(ofTarget, ofConnection),
      ...authorization(secrets),
      ...signature(signingSecret(secrets), delivery.id, body, now),
    },
    body,
  }
}

export function signature(secret: string, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  // The standard's own form of a secret is base64 behind a prefix; any other is taken as it is.
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmac}` }
}

function authorization({
  ApiKeyAuthParameters: key,
  BasicAuthParameters: basic,
}: ConnectionSecrets): Record<string, string> {
  if (key) return { [key.ApiKeyName.toLowerCase()]: key.ApiKeyValue }
  if (!basic) return {}
  return { authorization: `Basic ${Buffer.from(`${basic.Username}:${basic.Password}`).toString('base64')}` }
}

/** Each `*` of the path is one of the target's values; parameters of the connection win over the target's. */
function urlOf(endpoint: string, ofTarget: HttpParameters, ofConnection: ConnectionHttpParameters): string {
  const values = [...(ofTarget.PathParameterValues ?? [])]
  const url = new URL(endpoint)
  url.pathname = url.pathname.replace(/\*/g, () => encodeURIComponent(values.shift() ?? ''))
  for (const [name, value] of Object.entries(ofTarget.QueryStringParameters ?? {})) url.searchParams.set(name, value)
  for (const { Key, Value } of ofConnection.QueryStringParameters ?? []) url.searchParams.set(Key ?? '', Value ?? '')
  return url.href
}

function headersOf(ofTarget: HttpParameters, ofConnection: ConnectionHttpParameters): Record<string, string> {
  const headers = [
    ...Object.entries(ofTarget.HeaderParameters ?? {}),
    ...(ofConnection.HeaderParameters ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const),
  ]
  return Object.fromEntries(
    headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => name && !OURS.has(name)),
  )
}

/** Body parameters of the connection join the body if that is a JSON object. */
function bodyOf(payload: string, { BodyParameters = [] }: ConnectionHttpParameters): string {
  if (BodyParameters.length === 0) return payload
  try {
    const body = parseExactly(payload)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return payload
    return JSON.stringify({ ...body, ...Object.fromEntries(BodyParameters.map(({ Key, Value }) => [Key, Value])) })
  } catch {
    return payload
  }
}
