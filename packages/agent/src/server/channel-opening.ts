/*
 * How every channel to the server is opened, in two steps: a signed request for a token, then a signed upgrade to a
 * WebSocket, whose first text frame carries the token.
 */
import { zeroMask } from '@steward/protocol/session/zero-mask.ts'
import { type Credentials, signRequest } from '@steward/protocol/signature.ts'
import WebSocket from 'ws'
import { httpRequest, tunnelOptions } from '#server/http.ts'
import type { Endpoint } from '#server/ssm-client.ts'

const requestTimeoutMs = 15_000

/** The server gave no token. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused'
  readonly status: number
  readonly body: string

  constructor(operation: string, status: number, body: string) {
    const code = /<Code>([^<]+)|<(\w+Exception)>|"__type":\s*"(?:[^"]*#)?([^"]+)"/.exec(body)
    super(`${operation} answered ${status} ${code?.slice(1).find(Boolean) ?? ''}`.trim())
    this.status = status
    this.body = body
  }

  /** The credentials are not taken. */
  get unauthorized(): boolean {
    return this.status === 401 || this.status === 403
  }
}

/** Where a channel is, and who opens it. */
export type ChannelAddress = { endpoint: Endpoint; path: string; credentials: Credentials }

/** CreateControlChannel or CreateDataChannel. Throws ChannelRefused when the server answers anything but a token. */
export async function requestChannelToken(
  operation: string,
  { endpoint, path, credentials }: ChannelAddress,
  input: { [member: string]: string },
): Promise<string> {
  const url = new URL(path, endpoint.url)
  const body = JSON.stringify({ MessageSchemaVersion: '1.0', ...input })
  const headers = signed(
    { method: 'POST', url, headers: { 'content-type': 'application/json' }, body },
    endpoint,
    credentials,
  )
  const { ca } = endpoint
  const response = await httpRequest({ method: 'POST', url, headers, body, ca, timeoutMs: requestTimeoutMs })
  endpoint.clock.heard(response.headers.date)
  const token = /<TokenValue>([^<]+)<\/TokenValue>/.exec(response.body)?.[1]
  if (response.status === 201 && token) return unescapeXml(token)
  throw new ChannelRefused(operation, response.status, response.body)
}

/** Begins the upgrade; the socket's events say what becomes of it. */
export async function openChannelSocket(
  { endpoint, path, credentials }: ChannelAddress,
  query: string,
  furtherHeaders: { [name: string]: string } = {},
): Promise<WebSocket> {
  const url = new URL(path, endpoint.url)
  const tunnel = await tunnelOptions(url, requestTimeoutMs)
  url.search = query
  const headers = { ...signed({ method: 'GET', url, headers: {}, body: '' }, endpoint, credentials), ...furtherHeaders }
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(url, {
    headers,
    perMessageDeflate: false,
    generateMask: zeroMask,
    handshakeTimeout: requestTimeoutMs,
    ...tunnel,
    ...(endpoint.ca ? { ca: endpoint.ca } : {}),
  })
}

type Unsigned = { method: string; url: URL; headers: { [name: string]: string }; body: string }

function signed(request: Unsigned, { region, clock }: Endpoint, credentials: Credentials) {
  return signRequest({ ...request, service: 'ssmmessages', region, date: new Date(clock.now()) }, credentials)
}

function unescapeXml(text: string): string {
  const characters: { [entity: string]: string } = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&apos;': "'",
    '&amp;': '&',
  }
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => characters[entity]!)
}
