/**
 * The control channel: `POST /v1/control-channel/{node}` gives a one-time token, `GET` on the same path becomes a WebSocket whose
 * first text frame is that token; from then on both sides send binary frames (agent-protocol, section 8).
 *
 * A reply is acknowledged after it is durable, never before: the agent keeps what was not acknowledged and sends it again.
 * So are replies that we cannot read or that speak for another node, or the agent would repeat them for hours; they
 * are logged and change nothing. A node that sends faster than we store is not read from until we have caught up.
 */

import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  ackVerdict,
  agentHeader,
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJob,
  formatAgentJobReplyAck,
  formatOutputAck,
  messageType,
  parseAgentJobAck,
  parseAgentJobReply,
  parseJobId,
  parseOutputChunk,
  parseTokenFrame,
  protocolVersion,
  serverHeader,
  serverPingSeconds,
} from '@steward/protocol'
import { WebSocket, WebSocketServer } from 'ws'
import type { Authenticator } from '#door/authenticate.ts'
import type { HttpRequest, HttpResponse } from '#door/http-message.ts'
import type { Upgrade } from '#door/listener.ts'
import { readClaim } from '#iam/claim.ts'
import { decide } from '#iam/decide.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Job, NodeRef } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import { arn } from '#kernel/scope.ts'
import { ChannelTokens } from './channel-tokens.ts'
import type { Gateway, Outlet } from './gateway.ts'

const PATH = /^\/v1\/control-channel\/([A-Za-z0-9-]+)$/
const TOKEN_FRAME_MS = 15_000
const FRAME_LIMIT = 1024 * 1024
/** What may wait to be sent to a node that does not read, before it counts as gone. */
const UNREAD_LIMIT = 8 * 1024 * 1024
/** Reports of one node that may wait for the database before we stop reading from it. */
const REPORTS_WAITING = 64

export interface ControlChannelsParts {
  readonly gateway: Gateway
  readonly authenticator: Authenticator
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
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
    const { principal } = await this.#parts.authenticator.identify(request, readClaim(request), wanted)
    if (principal.kind === 'node') {
      const scope = { account: principal.account, region: principal.region }
      const resource = arn(scope, 'ssm', `managed-instance/${nodeId}`)
      if (decide(principal, [{ action, resources: [resource] }]).allowed) return { scope, nodeId }
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

class Connection implements Outlet {
  readonly node: NodeRef
  readonly #ws: WebSocket
  readonly #parts: ControlChannelsParts
  #answered = true
  /** What such a node still says counts no more, though its connection takes a moment to end. */
  #dropped = false
  #reports = 0
  /** Chunks of output must be stored in the order in which they came. */
  #outputs: Promise<unknown> = Promise.resolve()

  constructor(ws: WebSocket, node: NodeRef, parts: ControlChannelsParts) {
    this.#ws = ws
    this.node = node
    this.#parts = parts
    ws.on('pong', () => {
      this.#answered = true
    })
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      this.#answered = true
      if (isBinary && !this.#dropped) this.#receive(data)
    })
  }

  deliver(jobs: readonly Job[]): void {
    for (const job of jobs) this.#send(messageType.agentJob, formatAgentJob(job))
  }

  close(reason: 'replaced' | 'dropped' | 'stopping'): void {
    if (reason === 'dropped') this.#dropped = true
    this.#ws.close(reason === 'stopping' ? 1001 : 1000, reason)
    // A peer that does not answer the close frame must not keep the connection.
    setTimeout(() => this.#ws.terminate(), 2000).unref()
  }

  /** A node that answered nothing since the last ping is gone: pulled cables send no close frame. */
  ping(): void {
    if (this.#answered) this.#ws.ping()
    else this.#ws.terminate()
    this.#answered = false
  }

  #send(type: string, payload: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    if (this.#ws.bufferedAmount > UNREAD_LIMIT) {
      this.#ws.terminate()
      return
    }
    const { ids, clock } = this.#parts
    this.#ws.send(
      encodeAgentMessage({ messageType: type, messageId: ids.uuid(), createdDate: clock.now().getTime(), payload }),
    )
  }

  #receive(data: Buffer): void {
    try {
      const message = decodeAgentMessage(data)
      switch (message.messageType) {
        case messageType.agentJobAck:
          this.#receiveAck(message.payload)
          break
        case messageType.agentJobReply:
          this.#receiveReply(message.messageId, message.payload)
          break
        case messageType.stewardOutput:
          this.#receiveOutput(message.payload)
          break
      }
    } catch (error) {
      this.#parts.log.warn({ nodeId: this.node.nodeId, reason: (error as Error).message }, 'frame from node ignored')
    }
  }

  #receiveAck(payload: Uint8Array): void {
    const { jobId, statusCode, errorMessage } = parseAgentJobAck(payload)
    this.#mustBeOwn(jobId)
    const verdict = ackVerdict(statusCode)
    if (verdict === 'accepted') this.#track(this.#parts.gateway.report(this.node, { kind: 'accepted', jobId }))
    else if (verdict === 'later') this.#track(this.#parts.gateway.report(this.node, { kind: 'busy', jobId }))
    else {
      const reason = `The agent refused the command: ${errorMessage || statusCode}.`
      this.#track(this.#parts.gateway.report(this.node, { kind: 'refused', jobId, reason }))
    }
  }

  #receiveReply(replyId: string, payload: Uint8Array): void {
    let jobId = ''
    const acknowledge = () => {
      this.#send(messageType.agentJobReplyAck, formatAgentJobReplyAck({ jobId, acknowledgedMessageId: replyId }))
    }
    try {
      const reply = parseAgentJobReply(payload)
      jobId = reply.jobId
      this.#mustBeOwn(jobId)
      const event = { kind: 'reply', jobId, replyId, content: reply.content } as const
      this.#track(this.#parts.gateway.report(this.node, event).then(acknowledge))
    } catch (error) {
      acknowledge()
      throw error
    }
  }

  #receiveOutput(payload: Uint8Array): void {
    const { jobId, step, stream, offset, data } = parseOutputChunk(payload)
    this.#mustBeOwn(jobId)
    this.#outputs = this.#outputs.then(async () => {
      const accepted = await this.#parts.gateway.report(this.node, {
        kind: 'output',
        jobId,
        step,
        stream,
        offset,
        data,
      })
      const { offset: stored, stop } = accepted ?? { offset: offset + data.length, stop: true }
      this.#send(messageType.stewardOutputAck, formatOutputAck({ jobId, step, stream, offset: stored, stop }))
    })
    this.#track(this.#outputs)
  }

  /** Reads no more from a node whose reports wait for the database, until they are stored. */
  #track(report: Promise<unknown>): void {
    if (++this.#reports === REPORTS_WAITING) this.#ws.pause()
    report
      .catch((error) => {
        // Not acknowledged, so the agent will say it again.
        this.#parts.log.error({ nodeId: this.node.nodeId, err: error }, 'report of a node could not be stored')
        this.#outputs = Promise.resolve()
      })
      .finally(() => {
        if (this.#reports-- === REPORTS_WAITING) this.#ws.resume()
      })
  }

  #mustBeOwn(jobId: string): void {
    const { nodeId } = parseJobId(jobId)
    if (nodeId !== this.node.nodeId) throw new Error(`It speaks of a job of ${nodeId}.`)
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
