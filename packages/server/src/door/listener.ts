/**
 * The HTTP(S) listeners. Both serve the same routes: a path prefix of its own for health, metrics, test mode, installers and the
 * control channel, and the API for everything else.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type Duplex, pipeline, Readable } from 'node:stream'
import type { Address } from '#kernel/config.ts'
import type { Logger } from '#kernel/logger.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'

/** AWS's largest request of this family, a PutInventory of 10 MiB, with room for its envelope. */
const BODY_LIMIT = 11 * 1024 * 1024
/** Above every long poll, so that an idle connection outlives the wait between two of them. */
const KEEP_ALIVE_MS = 75_000

/** Answers a request, or undefined to leave it to the next route. */
export type Route = (request: HttpRequest) => Promise<HttpResponse> | HttpResponse | undefined

/** Takes over a connection that asks for a WebSocket. */
export type Upgrade = (request: HttpRequest, raw: { incoming: IncomingMessage; socket: Duplex; head: Buffer }) => void

export interface Listener {
  readonly address: Address
  /** Stops taking connections; open requests are answered first, idle connections are closed. */
  stop(): Promise<void>
}

export interface ListenerParts {
  readonly address: Address
  readonly tls: { readonly key: string; readonly cert: string } | undefined
  readonly routes: readonly Route[]
  readonly upgrade: Upgrade
  readonly log: Logger
}

/** Resolves once the listener accepts connections; port 0 picks a free one. */
export async function listen(parts: ListenerParts): Promise<Listener> {
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void answer(incoming, outgoing, parts)
  const server: Server = parts.tls
    ? createHttpsServer({ ...parts.tls, minVersion: 'TLSv1.2' }, handle)
    : createHttpServer(handle)
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    parts.upgrade(toRequest(incoming, Buffer.alloc(0), parts.tls !== undefined), { incoming, socket, head })
  })
  server.on('clientError', (_error, socket: Duplex) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, parts.address)))
    server.listen(parts.address.port, parts.address.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return { address: { host: parts.address.host, port }, stop: () => stop(server) }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, parts: ListenerParts): Promise<void> {
  try {
    const body = await readBody(incoming)
    if (!body) {
      respond(outgoing, tooLarge)
      return
    }
    const request = toRequest(incoming, body, parts.tls !== undefined, outgoing)
    for (const route of parts.routes) {
      const answered = route(request)
      if (answered) {
        respond(outgoing, answered instanceof Promise ? await answered : answered)
        return
      }
    }
  } catch (error) {
    if (incoming.destroyed && !incoming.complete) return // The caller went away while it was sending.
    parts.log.error({ err: error, path: incoming.url?.split('?')[0] }, 'request could not be answered')
    if (!outgoing.headersSent) respond(outgoing, failed)
  }
}

const tooLarge: HttpResponse = {
  status: 413,
  headers: { 'content-type': 'application/x-amz-json-1.1', connection: 'close' },
  body: JSON.stringify({
    __type: 'RequestEntityTooLarge',
    message: `The request body is larger than the ${BODY_LIMIT} bytes that the server takes.`,
  }),
}

const failed: HttpResponse = {
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'The server could not answer.\n',
}

/** The whole body, or undefined if it is larger than the limit. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > BODY_LIMIT) return undefined
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > BODY_LIMIT) {
        incoming.pause()
        resolve(undefined)
      } else chunks.push(chunk)
    })
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    incoming.on('error', reject)
    incoming.on('aborted', () => reject(new Error('The caller went away.')))
  })
}

function toRequest(incoming: IncomingMessage, body: Buffer, secure: boolean, outgoing?: ServerResponse): HttpRequest {
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: incoming.headers,
    body,
    sourceIp: (incoming.socket as Socket).remoteAddress ?? '',
    secure,
    // Made only when somebody waits on it: most requests are answered long before anybody could go away.
    get signal() {
      const controller = new AbortController()
      outgoing?.once('close', () => controller.abort())
      return controller.signal
    },
  }
}

function respond(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers)
    // Fails when the caller goes away or the file cannot be read; either way the connection is gone, and nobody is left to tell.
    pipeline(body, outgoing, () => {})
    return
  }
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), 2000)
  await closed
  clearTimeout(force)
}

function explain(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE')
    return new Error(
      `${where} is already in use. Is another Steward running? STEWARD_HTTP and STEWARD_HTTPS choose other ports.`,
    )
  if (error.code === 'EACCES') return new Error(`This user may not listen on ${where}. Choose a port above 1023.`)
  return new Error(`Cannot listen on ${where}: ${error.message}`, { cause: error })
}
