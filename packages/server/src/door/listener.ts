/**
 * The HTTP(S) listeners. Both serve the same routes: a path prefix of its own for health, metrics, test mode, installers and the
 * control channel, and the API for everything else. Whoever connects has limited time and room: for headers, for a whole
 * request, for a body.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { type Duplex, pipeline, Readable } from 'node:stream'
import type { Address } from '#kernel/config.ts'
import type { Logger } from '#kernel/logger.ts'
import type { HttpRequest, HttpResponse, RequestHead, StreamedRequest } from './http-message.ts'
import { tooLarge } from './too-large.ts'
import { UnfinishedBodies } from './unfinished-bodies.ts'
import { openWaitingRoom, type WaitingRoom } from './waiting-room.ts'

/** AWS's largest request of this family, a PutInventory of 10 MiB, with room for its envelope. */
const BODY_LIMIT = 11 * 1024 * 1024

const TIMES = {
  /** Until all headers are there; also for a connection that says nothing at all. */
  headersTimeout: 20_000,
  /** Until the whole request is there, unless its body is read as it comes. */
  wholeRequestTimeout: 120_000,
  /** How long nothing may move of a body that is read as it comes, or of an answer. */
  idleTimeout: 120_000,
  /** How often the server looks for requests that take too long. */
  connectionsCheckingInterval: 5_000,
  /** Above every long poll, so that an idle connection outlives the wait between two of them. */
  keepAliveTimeout: 75_000,
}

/** How long we listen to the rest of a body that is too large, so that its sender gets to read our answer. */
const DRAIN_MS = 10_000
const STOP_MS = 2_000
const LOOK_FOR_IDLE_MS = 20
/** How long a connection in use has, once the server stops, to bring a request and be told with its answer that there is no other. */
const NOTICE_MS = 60

/** Answers a request, or undefined to leave it to the next route. */
export type Route = (request: HttpRequest) => Promise<HttpResponse> | HttpResponse | undefined

/** Answers a request before its body is read, or undefined to leave it to the other routes. */
export type StreamRoute = (request: StreamedRequest) => Promise<HttpResponse> | undefined

/** Takes over a connection that asks for a WebSocket. */
export type Upgrade = (request: HttpRequest, raw: { incoming: IncomingMessage; socket: Duplex; head: Buffer }) => void

export interface Listener {
  readonly address: Address
  /** Stops taking connections; open requests are answered first, idle connections are closed after a moment's notice. */
  stop(): Promise<void>
}

export interface ListenerParts {
  readonly address: Address
  /** Where connections to the address wait already. */
  readonly room?: WaitingRoom | undefined
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  /** Asked before the others. */
  readonly streamRoute?: StreamRoute
  readonly routes: readonly Route[]
  readonly upgrade: Upgrade
  readonly log: Logger
  /** Shorter times than usual, for tests. */
  readonly times?: Partial<typeof TIMES>
}

/** Resolves once the listener accepts connections; port 0 picks a free one. */
export async function listen(parts: ListenerParts): Promise<Listener> {
  const times = { ...TIMES, ...parts.times }
  const looking = { limitMs: times.wholeRequestTimeout, everyMs: times.connectionsCheckingInterval }
  const bodies = new UnfinishedBodies(looking, ({ socket }) => refuseUnreadable(LATE, socket))
  const served: Served = { ...parts, bodies, idleTimeout: times.idleTimeout, stopping: false }
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void answer(incoming, outgoing, served)
  const options = { ...times, requestTimeout: 0, shouldUpgradeCallback: asksForWebSocket }
  const server: Server = parts.tls
    ? createHttpsServer({ ...options, ...parts.tls, minVersion: 'TLSv1.2' }, handle)
    : createHttpServer(options, handle)
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const request = Object.assign(toHead(incoming, parts.tls !== undefined), { body: Buffer.alloc(0) })
    parts.upgrade(request, { incoming, socket, head })
  })
  server.on('clientError', refuseUnreadable)
  const room = parts.room ?? (await openWaitingRoom(parts.address))
  await room.admitTo(server)
  const { port } = server.address() as AddressInfo
  return {
    address: { host: parts.address.host, port },
    async stop() {
      served.stopping = true
      await stop(server).finally(() => bodies.stop())
    },
  }
}

interface Served extends ListenerParts {
  readonly bodies: UnfinishedBodies
  readonly idleTimeout: number
  /** Whether every answer says that it is the last one of its connection. */
  stopping: boolean
}

const LATE = Object.assign(new Error('The body came too slowly.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })

/** Other upgrades, such as the one to HTTP/2 that some clients offer with every request, are declined by answering the request. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/** What is no HTTP, came too slowly, or has too long headers. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const status = UNREADABLE[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, parts: Served): Promise<void> {
  const close = () => parts.stopping && outgoing.setHeader('connection', 'close')
  try {
    const head = toHead(incoming, parts.tls !== undefined, outgoing)
    const streamed = parts.streamRoute?.(Object.assign(head, { stream: streamOf(incoming) }))
    if (streamed) {
      // Node destroys a connection that is idle for longer, and forgets the limit with the end of the answer.
      incoming.socket.setTimeout(parts.idleTimeout)
      const response = await streamed
      close()
      respondEarly(incoming, outgoing, response)
      return
    }
    const body = await readBody(incoming, parts.bodies)
    if (!body) {
      close()
      respondEarly(incoming, outgoing, tooLarge(head, BODY_LIMIT))
      return
    }
    const request: HttpRequest = Object.assign(head, { body })
    for (const route of parts.routes) {
      const answered = route(request)
      if (answered) {
        const response = answered instanceof Promise ? await answered : answered
        close()
        respond(outgoing, response)
        return
      }
    }
  } catch (error) {
    if (!incoming.complete) return // The caller went away while it was sending.
    parts.log.error({ err: error, path: incoming.url?.split('?')[0] }, 'request could not be answered')
    if (!outgoing.headersSent) respond(outgoing, failed)
  }
}

const failed: HttpResponse = {
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'The server could not answer.\n',
}

/** The whole body, or undefined if it is larger than the limit. Rejects if the caller goes away before it is sent. */
async function readBody(incoming: IncomingMessage, bodies: UnfinishedBodies): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > BODY_LIMIT) return undefined
  const chunks: Buffer[] = []
  let size = 0
  const ended = bodies.begin(incoming)
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_LIMIT) chunks.push(chunk)
      else resolve(undefined)
    })
    incoming.on('end', () => {
      ended()
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    })
    incoming.on('error', (error) => {
      ended()
      reject(error)
    })
  })
}

/**
 * The answer to a request whose body may not have been read to its end. Sent at once, but we go on reading for a while: closing a
 * connection that still receives would make the other side's system throw our answer away.
 */
function respondEarly(incoming: IncomingMessage, outgoing: ServerResponse, response: HttpResponse): void {
  const { status, headers, body } = response
  // Their headers speak of a body that is not sent.
  if (incoming.method === 'HEAD' || status === 204 || status === 304) outgoing.writeHead(status, headers).end()
  else if (incoming.complete || body instanceof Readable) respond(outgoing, response)
  else {
    outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
    outgoing.write(body)
    drain(incoming, outgoing)
  }
}

/** Ends the answer when the request has ended, but waits for that only so long. */
function drain(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const end = () => {
    clearTimeout(timer)
    outgoing.end()
  }
  const timer = setTimeout(end, DRAIN_MS)
  incoming.once('end', end).once('error', end).resume()
}

/** The body in pieces. Who stops reading may still answer. */
function streamOf(incoming: IncomingMessage): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer> }
}

function toHead(incoming: IncomingMessage, secure: boolean, outgoing?: ServerResponse): RequestHead {
  return new IncomingHead(incoming, secure, outgoing)
}

/**
 * A class, for its getter: V8 gives an object that was written down with a getter a shape of its own, and keeps it, with all that the
 * getter sees, until a full collection. Of each request everything would be copied to the old generation.
 */
class IncomingHead implements RequestHead {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: HttpRequest['headers']
  readonly sourceIp: string
  readonly secure: boolean
  readonly #outgoing: ServerResponse | undefined

  constructor(incoming: IncomingMessage, secure: boolean, outgoing: ServerResponse | undefined) {
    const target = requestTarget(incoming.url ?? '/')
    const mark = target.indexOf('?')
    this.method = incoming.method ?? 'GET'
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    this.headers = headersOf(incoming)
    // A listener of both families sees IPv4 as a part of IPv6; policies and people mean the address itself.
    this.sourceIp = ((incoming.socket as Socket).remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
    this.secure = secure
    this.#outgoing = outgoing
  }

  /** Made only when somebody waits on it: most requests are answered long before anybody could go away. */
  get signal(): AbortSignal {
    const controller = new AbortController()
    if (this.#outgoing?.destroyed) controller.abort()
    else this.#outgoing?.once('close', () => controller.abort())
    return controller.signal
  }
}

/** Path and query. Callers behind a proxy may name the whole address. */
function requestTarget(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/i, '') || '/'
}

/** Node joins most repeated headers with a comma and a space; a signature joins them without, so they are kept apart. */
function headersOf(incoming: IncomingMessage): HttpRequest['headers'] {
  const { headers, rawHeaders } = incoming
  if (rawHeaders.length === 2 * Object.keys(headers).length) return headers
  const repeated = Object.entries(incoming.headersDistinct).filter(([, values]) => values!.length > 1)
  return { ...headers, ...Object.fromEntries(repeated) }
}

function respond(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers)
    // Fails when the caller goes away or the file cannot be read; either way the connection is gone, and nobody is left to tell.
    pipeline(body, outgoing, () => {})
    return
  }
  const length = Buffer.byteLength(body)
  outgoing.writeHead(status, { ...headers, 'content-length': length })
  if (typeof body !== 'string') {
    outgoing.end(body)
    return
  }
  // Text without any character beyond ASCII has the same bytes in both, and writing it as Latin 1 needs no conversion.
  outgoing.end(body, length === body.length ? 'latin1' : 'utf8')
}

async function stop(server: Server): Promise<void> {
  // An HTTP server's own close would close idle connections at once, on which a request may be under way.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const noticed = performance.now() + NOTICE_MS
  // Connections become idle one by one, as what is under way is answered.
  const idle = setInterval(() => performance.now() > noticed && server.closeIdleConnections(), LOOK_FOR_IDLE_MS)
  const force = setTimeout(() => server.closeAllConnections(), STOP_MS)
  await closed
  clearInterval(idle)
  clearTimeout(force)
  // Ends its timers.
  server.close()
}
