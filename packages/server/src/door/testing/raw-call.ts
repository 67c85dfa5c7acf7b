import { signRequest } from '@steward/protocol/signature.ts'
import type { TestServer } from '@steward/testkit'

export interface RawCall {
  /** Default POST. */
  readonly method?: string
  /** Path and query; default `/`. */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly service?: string
  readonly region?: string
  /** Default: the root key's; `null` sends the request unsigned. */
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined } | null
  /** When it is signed; default: the server's now. */
  readonly date?: Date
  readonly signal?: AbortSignal
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, if it is JSON. */
  readonly json: Record<string, unknown>
}

/** One request exactly as given, as no client would send it. */
export async function rawCall(server: TestServer, call: RawCall): Promise<RawAnswer> {
  const url = new URL(call.target ?? '/', server.url)
  const { method = 'POST', headers = {}, body = '' } = call
  const { host: _host, ...sent } = call.credentials === null ? { host: '', ...headers } : signed(server, call, url)
  const { signal = null } = call
  const response = await fetch(url, { method, headers: sent, signal, ...(body === '' ? {} : { body }) })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: text.startsWith('{') ? JSON.parse(text) : {},
  }
}

function signed(server: TestServer, call: RawCall, url: URL): Record<string, string> {
  const { method = 'POST', headers = {}, body = '', service = 'ssm', region = server.house.config.region } = call
  const date = call.date ?? server.house.clock.now()
  return signRequest({ method, url, headers, body, service, region, date }, call.credentials ?? server.house.rootKey)
}

/** A call of AWS JSON; `target` is `AmazonSSM.<Operation>`. */
export function jsonCall(server: TestServer, target: string, body: unknown, more: RawCall = {}): Promise<RawAnswer> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...more.headers }
  return rawCall(server, { ...more, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}
