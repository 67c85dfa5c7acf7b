/**
 * How a control channel comes about: `POST /v1/control-channel/{node}` gives a one-time token, `GET` on the same path becomes a
 * WebSocket whose first text frame is that token (agent-protocol, section 8). What follows is `connection.ts`'s.
 */

import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { agentHeader, parseTokenFrame, protocolVersion, serverHeader, serverPingSeconds } from '@steward/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator } from '#door/authenticate.ts'
import { conditionKeys } from '#door/condition-keys.ts'
import type { HttpRequest, HttpResponse } from '#door/http-message.ts'
import type { Upgrade } from '#door/listener.ts'
import { readClaim } from '#iam/claim.ts'
import { decide } from '#iam/decide.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { NodeRef } from '#kernel/declare.ts'
import { arn } from '#kernel/scope.ts'
import { ChannelTokens } from './channel-tokens.ts'
import { Connection, type ConnectionParts } from './connection.ts'

const PATH = /^\/v1\/control-channel\/([A-Za-z0-9-]+)$/
const TOKEN_FRAME_MS = 15_000
const FRAME_LIMIT = 1024 * 1024

export interface ControlChannelsParts extends ConnectionParts {
  readonly authenticator: Authenticator
  /** How long a node may take to send its token; shorter in tests. */
  readonly tokenFrameMs?: number
}

export class ControlChannels {
  readonly #parts: ControlChannelsParts
  readonly #tokens: ChannelTokens
  readonly #connections = new Set<Connection>()
  /** Sockets whose token we have not seen yet. */
  readonly #unproven = new Set<WebSocket>()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_LIMIT,
    clientTracking: false,
  })
  #pinger: NodeJS.Timeout | undefined

  constructor(parts: ControlChannelsParts) {
    this.#parts = parts
    this.#tokens = new ChannelTokens(parts.ids)
    // Our own agents are told that this server understands the extensions of `protocolVersion`.
    this.#sockets.on('headers', (headers, request) => {
      if (request.headers[agentHeader]) headers.push(`${serverHeader}: ${protocolVersion}`)
    })
  }

  start(): void {
    this.#pinger = setInterval(() => this.#pingAll(), serverPingSeconds * 1000)
    this.#pinger.unref()
  }

  /** Opens no more channels; those that are open are the gateway's to close. */
  stop(): void {
    clearInterval(this.#pinger)
    for (const ws of this.#unproven) ws.terminate()
  }

  /** Lets a node that may not speak any more, or every node, open no channel with what it was given for it. */
  revoke(nodeId?: string): void {
    this.#tokens.revoke(nodeId)
  }

  /** CreateControlChannel. Its answer is XML with status 201, whatever the request looked like: agents accept nothing else. */
  route(request: HttpRequest): Promise<HttpResponse> | undefined {
    const match = request.method === 'POST' ? PATH.exec(request.path) : null
    return match ? this.#create(match[1]!, request) : undefined
  }

  /** Turns the connection into a control channel, or answers the request with an error. False if the path is not ours. */
  upgrade(request: HttpRequest, { incoming, socket, head }: Parameters<Upgrade>[1]): boolean {
    const match = PATH.exec(request.path)
    if (!match) return false
    this.#authorize(match[1]!, 'ssmmessages:OpenControlChannel', request).then(
      () => this.#sockets.handleUpgrade(incoming, socket, head, (ws) => this.#awaitToken(ws, match[1]!)),
      (error) => refuse(socket, this.#toResponse(error)),
    )
    return true
  }

  async #create(nodeId: string, request: HttpRequest): Promise<HttpResponse> {
    try {
      const node = await this.#authorize(nodeId, 'ssmmessages:CreateControlChannel', request)
      const token = this.#tokens.issue(node, this.#parts.clock.now())
      return this.#xml(
        201,
        '<CreateControlChannelResponse xmlns="http://ssmmessages.amazonaws.com/doc/2017-11-01/">' +
          `<MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>${token}</TokenValue></CreateControlChannelResponse>`,
      )
    } catch (error) {
      return this.#toResponse(error)
    }
  }

  /** The node that the request proves to come from, if it may speak for `nodeId`. */
  async #authorize(nodeId: string, action: string, request: HttpRequest): Promise<NodeRef> {
    const now = this.#parts.clock.now()
    const wanted = { how: 'sigv4', service: 'ssmmessages', now } as const
    const caller = await this.#parts.authenticator.identify(request, readClaim(request), wanted)
    const { principal, policies } = caller
    if (principal.kind === 'node') {
      const scope = { account: principal.account, region: principal.region }
      const resource = arn(scope, 'ssm', `managed-instance/${nodeId}`)
      const context = requestContext(conditionKeys(request, principal, policies, scope.region, now))
      if (decide(caller, { action, resource, context }).allowed) return { scope, nodeId }
    }
    throw new ApiError('AccessDeniedException', `${principal.arn} may not open the control channel of ${nodeId}.`)
  }

  #toResponse(error: unknown): XmlResponse {
    if (!(error instanceof ApiError)) {
      this.#parts.log.error({ err: error }, 'control channel failed')
      return this.#xml(500, '<InternalServerError/>')
    }
    this.#parts.log.info({ code: error.code, reason: error.message, err: error.cause }, 'control channel refused')
    // The agent searches the body for this element: it decides whether it goes back to the long poll.
    const body = `<${error.code}><Message>${error.message.replace(/[<&]/g, ' ')}</Message></${error.code}>`
    return this.#xml(error.code === 'ServiceUnavailable' ? 503 : 403, body)
  }

  #xml(status: number, body: string): XmlResponse {
    const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': this.#parts.ids.uuid() }
    return { status, headers, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n` }
  }

  #awaitToken(ws: WebSocket, nodeId: string): void {
    const { clock, log } = this.#parts
    const timer = setTimeout(() => ws.terminate(), this.#parts.tokenFrameMs ?? TOKEN_FRAME_MS)
    const seen = () => {
      clearTimeout(timer)
      this.#unproven.delete(ws)
    }
    this.#unproven.add(ws)
    ws.on('error', () => ws.terminate())
    ws.once('close', seen)
    ws.once('message', (data: Buffer) => {
      seen()
      try {
        const { tokenValue, agentVersion } = parseTokenFrame(data)
        const node = this.#tokens.redeem(tokenValue, nodeId, clock.now())
        if (!node) throw new Error('The token is not one that was issued to this node, or it is used.')
        this.#open(ws, node, agentVersion)
      } catch (error) {
        log.warn({ nodeId, reason: (error as Error).message }, 'control channel refused')
        ws.close(1008, 'token refused')
      }
    })
  }

  #open(ws: WebSocket, node: NodeRef, agentVersion: string): void {
    const connection = new Connection(ws, node, this.#parts)
    this.#connections.add(connection)
    ws.once('close', () => {
      this.#connections.delete(connection)
      this.#parts.gateway.closed(connection)
    })
    this.#parts.gateway.opened(connection, agentVersion)
  }

  #pingAll(): void {
    for (const connection of this.#connections) connection.ping()
  }
}

type XmlResponse = HttpResponse & { readonly body: string }

/** Answers a request for a WebSocket with an ordinary error. */
function refuse(socket: Duplex, { status, headers, body }: XmlResponse): void {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${head.join('')}\r\n${body}`,
  )
}
