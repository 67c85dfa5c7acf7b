/**
 * How data channels come about: `POST /v1/data-channel/{session}` gives a node a one-time token, the client got its own from
 * StartSession; `GET` on the same path becomes a WebSocket whose first text frame is a token (session-protocol, section 7). The
 * token alone tells who it is: nothing that a browser sends by itself proves anything here. What follows is `relay.ts`'s.
 *
 * Sessions outlive the server: those that are open when it starts have their relays before anybody connects, so that an agent
 * that does not come back is noticed.
 */
import type { Duplex } from 'node:stream'
import { agentHeader } from '@steward/protocol'
import { parseOpenFrame } from '@steward/protocol/session/index.ts'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Database } from '#db/database.ts'
import type { HttpRequest, HttpResponse } from '#door/http-message.ts'
import type { Upgrade } from '#door/listener.ts'
import type {
  LiveSessions,
  NodeRef,
  RelayedSession,
  SessionDirectory,
  SessionRecorder,
  SessionSide,
} from '#kernel/declare.ts'
import { NodeRequests, type NodeRequestsParts } from '../node-requests.ts'
import { DataSocket } from './data-socket.ts'
import { Relay } from './relay.ts'
import { ServerFrames } from './server-frames.ts'
import { SessionReports } from './session-reports.ts'

const PATH = /^\/v1\/data-channel\/([A-Za-z0-9._@=,+-]{1,96})$/
const OPEN_FRAME_MS = 5_000
const OPEN_FRAME_LIMIT = 8 * 1024
/** A payload of 1 MiB fits. */
const FRAME_LIMIT = 1024 * 1024 + 4096
const LOOK_MS = 1_000
const PING_MS = 30_000
/** Time for a client to read that its session is over, and to go by itself. */
const LEAVE_MS = 2_000
const ENDED_MS = 30_000

export interface DataChannelsParts extends NodeRequestsParts {
  readonly database: Database
  readonly directory: SessionDirectory
  readonly recorder: SessionRecorder | undefined
  readonly wakeNode: (node: NodeRef) => void
  /** While the machine's clock cannot be trusted, no session ends because of the time. */
  readonly clockIsSteady: () => boolean
}

export class DataChannels implements LiveSessions {
  readonly #parts: DataChannelsParts
  readonly #requests: NodeRequests
  readonly #reports: SessionReports
  readonly #frames: ServerFrames
  readonly #relays = new Map<string, Relay>()
  /** What was said at the ends of sessions, for a side whose token was looked up just before. */
  readonly #ended = new Map<string, { readonly output: string; readonly at: number }>()
  /** Sessions that are over, whose sides are still there. */
  readonly #leaving = new Set<Relay>()
  /** Ends of recordings that are not sealed yet. */
  readonly #sealing = new Set<Promise<void>>()
  /** Sockets whose token is not accepted yet. */
  readonly #unproven = new Set<WebSocket>()
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_LIMIT,
    clientTracking: false,
  })
  readonly #timers: NodeJS.Timeout[] = []

  constructor(parts: DataChannelsParts) {
    this.#parts = parts
    this.#requests = new NodeRequests(parts)
    this.#reports = new SessionReports(parts)
    this.#frames = new ServerFrames(parts.clock, parts.ids)
  }

  /** Takes up the sessions that a server before this one left. */
  async start(): Promise<void> {
    const sessions = await this.#parts.database.read((reader) => this.#parts.directory.open(reader))
    for (const session of sessions) this.#relayOf(session, true)
    this.#timers.push(
      setInterval(() => this.look(), LOOK_MS).unref(),
      setInterval(() => this.#pingAll(), PING_MS).unref(),
    )
  }

  /** Lets both sides of every session go; they come back to the next server. Resolves once all that was seen is stored. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    for (const ws of this.#unproven) ws.terminate()
    for (const relay of this.#leaving) relay.close('over')
    for (const relay of this.#relays.values()) {
      relay.reportProgress()
      relay.close('stopping')
    }
    await this.#reports.stop()
    await Promise.all(this.#sealing)
  }

  /** The server was emptied: no session is known any more. */
  forgetAll(): void {
    for (const relay of this.#relays.values()) relay.end('', true)
  }

  end(sessionId: string, output: string): void {
    this.#ended.set(sessionId, { output, at: this.#parts.clock.now().getTime() })
    this.#relays.get(sessionId)?.end(output)
  }

  /** Ends the sessions of a node that may not speak any more. */
  dropNode(nodeId: string): void {
    const ending = { output: 'The node is not managed any more.', failed: true }
    for (const relay of this.#relays.values()) if (relay.session.nodeId === nodeId) relay.endFor(ending)
  }

  /** Does what is due by now. */
  look(): void {
    const steady = this.#parts.clockIsSteady()
    for (const relay of this.#relays.values()) relay.look(steady)
    const now = this.#parts.clock.now().getTime()
    for (const [sessionId, { at }] of this.#ended) if (now - at > ENDED_MS) this.#ended.delete(sessionId)
  }

  /** Resolves once what was seen is stored; undefined if it is. */
  busy(): Promise<unknown> | undefined {
    return this.#reports.busy() ?? (this.#sealing.size > 0 ? Promise.all(this.#sealing) : undefined)
  }

  /** How many sessions are relayed. */
  get count(): number {
    return this.#relays.size
  }

  /** CreateDataChannel. */
  route(request: HttpRequest): Promise<HttpResponse> | undefined {
    const match = request.method === 'POST' ? PATH.exec(request.path) : null
    return match ? this.#create(match[1]!, request) : undefined
  }

  /** Turns the connection into a data channel. False if the path is not ours. */
  upgrade(request: HttpRequest, { incoming, socket, head }: Parameters<Upgrade>[1]): boolean {
    const match = PATH.exec(request.path)
    if (!match) return false
    const ours = request.headers[agentHeader] !== undefined
    this.#webSockets.handleUpgrade(incoming, socket, head, (ws) => this.#awaitToken(ws, socket, match[1]!, ours))
    return true
  }

  async #create(sessionId: string, request: HttpRequest): Promise<HttpResponse> {
    try {
      const { database, directory, clock } = this.#parts
      const node = await this.#requests.prove(request, 'ssmmessages:CreateDataChannel')
      const token = await database.write((tx) => directory.admitAgent(tx, node, sessionId, clock.now()))
      return this.#requests.tokenResponse('CreateDataChannel', token)
    } catch (error) {
      return this.#requests.errorResponse(error)
    }
  }

  #awaitToken(ws: WebSocket, raw: Duplex, sessionId: string, ours: boolean): void {
    const timer = setTimeout(() => ws.terminate(), OPEN_FRAME_MS)
    this.#unproven.add(ws)
    ws.on('error', () => ws.terminate())
    ws.once('close', () => {
      clearTimeout(timer)
      this.#unproven.delete(ws)
    })
    ws.once('message', (data: Buffer) => {
      clearTimeout(timer)
      // Nothing else is read until the token is known to be good; what is read already waits.
      ws.pause()
      const early: [Buffer, boolean][] = []
      const wait = (frame: Buffer, isBinary: boolean) => early.push([frame, isBinary])
      ws.on('message', wait)
      this.#redeem(sessionId, data).then(
        (redeemed) => {
          ws.off('message', wait)
          this.#unproven.delete(ws)
          if (ws.readyState !== ws.OPEN) return
          this.#admit(redeemed, new DataSocket(ws, raw, ours))
          for (const [frame, isBinary] of early) ws.emit('message', frame, isBinary)
          ws.resume()
        },
        (error) => {
          this.#parts.log.warn({ sessionId, reason: (error as Error).message }, 'data channel refused')
          ws.resume()
          ws.close(1008, 'token refused')
        },
      )
    })
  }

  async #redeem(sessionId: string, data: Buffer): Promise<Redeemed> {
    if (data.length > OPEN_FRAME_LIMIT) throw new Error('The first message is too large to be a token.')
    const { tokenValue } = parseOpenFrame(data)
    const { database, directory, clock } = this.#parts
    const redeemed = await database.write((tx) => directory.redeem(tx, sessionId, tokenValue, clock.now()))
    if (!redeemed) throw new Error('The token is not one that was issued for this session, or it is used.')
    if ('over' in redeemed) return { ...redeemed, sessionId }
    const ended = this.#ended.get(sessionId)
    return ended ? { over: ended.output, sessionId } : redeemed
  }

  #admit(redeemed: Redeemed, socket: DataSocket): void {
    if (!('over' in redeemed)) {
      this.#relayOf(redeemed.session, false).attach(redeemed.side, socket)
      return
    }
    socket.send(this.#frames.channelClosed({ ...redeemed, nodeId: '' }, redeemed.over))
    socket.close(1000, 'over')
  }

  #relayOf(session: RelayedSession, restored: boolean): Relay {
    const { sessionId } = session
    const known = this.#relays.get(sessionId)
    if (known) return known
    const { recorder, clock, log } = this.#parts
    const recording = recorder?.begin(session)
    const over = () => {
      this.#relays.delete(sessionId)
      this.#letLeave(relay)
      if (recording) this.#seal(recording.end(clock.now().getTime()), sessionId)
    }
    const report = this.#reports.add.bind(this.#reports)
    const relay = new Relay({ session, restored, recording, frames: this.#frames, clock, log, report, over })
    this.#relays.set(sessionId, relay)
    return relay
  }

  #letLeave(relay: Relay): void {
    this.#leaving.add(relay)
    const leave = () => {
      this.#leaving.delete(relay)
      relay.close('over')
    }
    setTimeout(leave, LEAVE_MS).unref()
  }

  #seal(end: Promise<void>, sessionId: string): void {
    const sealed = end
      .catch((err) => this.#parts.log.error({ err, sessionId }, 'recording could not be sealed'))
      .finally(() => this.#sealing.delete(sealed))
    this.#sealing.add(sealed)
  }

  #pingAll(): void {
    for (const relay of this.#relays.values()) relay.ping()
  }
}

type Redeemed =
  | { readonly session: RelayedSession; readonly side: SessionSide }
  | { readonly over: string; readonly sessionId: string }
