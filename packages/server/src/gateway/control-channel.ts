/**
 * How a control channel comes about: `POST /v1/control-channel/{node}` gives a one-time token, `GET` on the same path becomes a
 * WebSocket whose first text frame is that token (agent-protocol, section 8). What follows is `connection.ts`'s.
 */

import { agentHeader, parseTokenFrame, protocolVersion, serverHeader, serverPingSeconds } from '@steward/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator } from '#door/authenticate.ts'
import type { HttpRequest, HttpResponse } from '#door/http-message.ts'
import type { Upgrade } from '#door/listener.ts'
import type { NodeRef } from '#kernel/declare.ts'
import { ChannelTokens } from './channel-tokens.ts'
import { Connection, type ConnectionParts, type Opened } from './connection.ts'
import { NodeRequests, refuse } from './node-requests.ts'

const PATH = /^\/v1\/control-channel\/([A-Za-z0-9-]+)$/
const TOKEN_FRAME_MS = 15_000
const FRAME_LIMIT = 1024 * 1024
const PINGS_SPREAD = 50

export interface ControlChannelsParts extends ConnectionParts {
  readonly authenticator: Authenticator
  /** How long a node may take to send its token; shorter in tests. */
  readonly tokenFrameMs?: number
}

export class ControlChannels {
  readonly #parts: ControlChannelsParts
  readonly #requests: NodeRequests
  readonly #tokens: ChannelTokens
  /** In as many parts as pings are spread over. */
  readonly #connections = Array.from({ length: PINGS_SPREAD }, () => new Set<Connection>())
  #nextToJoin = 0
  #nextToPing = 0
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
    this.#requests = new NodeRequests(parts)
    this.#tokens = new ChannelTokens(parts.ids)
    // Our own agents are told that this server understands the extensions of `protocolVersion`.
    this.#sockets.on('headers', (headers, request) => {
      if (request.headers[agentHeader]) headers.push(`${serverHeader}: ${protocolVersion}`)
    })
  }

  start(): void {
    this.#pinger = setInterval(() => this.#pingSome(), (serverPingSeconds * 1000) / PINGS_SPREAD)
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

  /** CreateControlChannel. */
  route(request: HttpRequest): Promise<HttpResponse> | undefined {
    const match = request.method === 'POST' ? PATH.exec(request.path) : null
    return match ? this.#create(match[1]!, request) : undefined
  }

  /** Turns the connection into a control channel, or answers the request with an error. False if the path is not ours. */
  upgrade(request: HttpRequest, { incoming, socket, head }: Parameters<Upgrade>[1]): boolean {
    const match = PATH.exec(request.path)
    if (!match) return false
    const { sourceIp } = request
    this.#requests.prove(request, 'ssmmessages:OpenControlChannel', match[1]!).then(
      () =>
        this.#sockets.handleUpgrade(incoming, socket, head, (ws) =>
          this.#awaitToken({ ws, socket, sourceIp }, match[1]!),
        ),
      (error) => refuse(socket, this.#requests.errorResponse(error)),
    )
    return true
  }

  async #create(nodeId: string, request: HttpRequest): Promise<HttpResponse> {
    try {
      const node = await this.#requests.prove(request, 'ssmmessages:CreateControlChannel', nodeId)
      return this.#requests.tokenResponse('CreateControlChannel', this.#tokens.issue(node, this.#parts.clock.now()))
    } catch (error) {
      return this.#requests.errorResponse(error)
    }
  }

  #awaitToken(opened: Opened, nodeId: string): void {
    const { ws } = opened
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
        this.#open(opened, node, agentVersion)
      } catch (error) {
        log.warn({ nodeId, reason: (error as Error).message }, 'control channel refused')
        ws.close(1008, 'token refused')
      }
    })
  }

  #open(opened: Opened, node: NodeRef, agentVersion: string): void {
    const { ws } = opened
    const connection = new Connection(opened, node, this.#parts)
    const pingedTogether = this.#connections[this.#nextToJoin++ % PINGS_SPREAD]!
    pingedTogether.add(connection)
    ws.once('close', () => {
      pingedTogether.delete(connection)
      this.#parts.gateway.closed(connection)
    })
    this.#parts.gateway.opened(connection, agentVersion)
  }

  /** A part of them at a time: all the pings of a large fleet at once would keep everybody else waiting. */
  #pingSome(): void {
    for (const connection of this.#connections[this.#nextToPing++ % PINGS_SPREAD]!) connection.ping()
  }
}
