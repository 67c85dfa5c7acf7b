/**
 * Requests that go out to addresses others chose. The connection is made to the very address that was checked: the name is looked up
 * once, in the connection's own look-up, so a name that changes its mind between check and connection gains nothing. Redirects are not
 * followed. Certificates are verified. An answer is read up to a limit and for a limited time.
 */
import { lookup as resolveName } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { DeliveryFailed } from './delivery-failed.ts'
import { OutboundAddresses } from './outbound-addresses.ts'

export interface OutboundRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface OutboundAnswer {
  readonly status: number
  /** Seconds that the receiver asks to be left alone, if it says so. */
  readonly retryAfterSeconds: number | undefined
  /** The beginning of the body. */
  readonly body: string
}

export interface Outbound {
  /** Throws `DeliveryFailed` if no answer came. `signal` breaks the request off. */
  send(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer>
  close(): void
}

export interface OutboundOptions {
  readonly timeoutMs?: number
  /** Bytes of an answer that are read. */
  readonly bodyLimit?: number
  /** Requests to one host at a time; the others wait. */
  readonly maxSockets?: number
  /** PEM of the authorities that are trusted; undefined: those of Node. */
  readonly ca?: string | undefined
}

/** The whole Internet and everything else: for hosts that the operator named. */
export const EVERYWHERE = ['0.0.0.0/0', '::/0']

export function openOutbound(
  allowed: readonly string[],
  { timeoutMs = 10_000, bodyLimit = 16_384, maxSockets = 64, ca }: OutboundOptions = {},
): Outbound {
  const addresses = new OutboundAddresses(allowed)
  const options = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: 16,
    timeout: 30_000,
    lookup: checkedLookup(addresses),
  }
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent({ ...options, ca }) }
  return {
    async send(request, signal) {
      const url = new URL(request.url)
      const literal = url.hostname.replace(/^\[(.*)\]$/, '$1')
      if (isIP(literal) && !addresses.allows(literal)) throw refused(url.hostname, literal)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      try {
        return await exchange(url, request, agents, bodyLimit, limit)
      } catch (error) {
        throw toFailure(error, url, limit, timeoutMs)
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

function checkedLookup(addresses: OutboundAddresses): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      // One bad address condemns the name: whoever set it up meant to get there.
      const bad = found.find(({ address }) => !addresses.allows(address))
      if (bad) return callback(refused(hostname, bad.address), '', 0)
      if (options.all) return callback(null, found)
      callback(null, found[0]!.address, found[0]!.family)
    })
  }
}

function exchange(
  url: URL,
  { method, headers, body }: OutboundRequest,
  agents: { 'http:': http.Agent; 'https:': https.Agent },
  bodyLimit: number,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': String(bytes.length) }, signal }
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents['https:'] })
        : http.request(url, { ...options, agent: agents['http:'] })
    request.on('error', reject)
    request.on('response', (response) => readAnswer(response, bodyLimit).then(resolve, reject))
    request.end(bytes)
  })
}

async function readAnswer(response: IncomingMessage, limit: number): Promise<OutboundAnswer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece)
    length += piece.length
    // What is left is not worth waiting for; leaving the loop closes the connection.
    if (length >= limit) break
  }
  const asked = Number(response.headers['retry-after'])
  return {
    status: response.statusCode ?? 0,
    retryAfterSeconds: Number.isInteger(asked) && asked > 0 ? asked : undefined,
    body: Buffer.concat(pieces).subarray(0, limit).toString('utf8'),
  }
}

function refused(hostname: string, address: string): DeliveryFailed {
  return new DeliveryFailed(
    'ADDRESS_REFUSED',
    `Requests to ${hostname === address ? address : `${hostname} (${address})`} are refused, because it is not an address of ` +
      'the open Internet. The operator can allow it with STEWARD_WEBHOOK_ALLOW.',
    { retry: false },
  )
}

function toFailure(error: unknown, url: URL, limit: AbortSignal, timeoutMs: number): Error {
  if (error instanceof DeliveryFailed) return error
  if (limit.aborted && limit.reason?.name === 'TimeoutError') {
    return new DeliveryFailed('TIMEOUT', `${url.host} did not answer within ${timeoutMs / 1000} seconds.`, {
      retry: true,
    })
  }
  const { code, message } = error as NodeJS.ErrnoException
  return new DeliveryFailed('CONNECTION_FAILURE', `${url.host} cannot be reached: ${code ?? message}`, {
    retry: true,
    cause: error,
  })
}
