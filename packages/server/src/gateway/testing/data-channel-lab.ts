import { once } from 'node:events'
import { type AgentMessage, agentHeader, decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import { formatAcknowledge, formatClientOpenFrame } from '@steward/protocol/session/index.ts'
import { WebSocket } from 'ws'
import type { Database } from '#db/database.ts'
import type { Authenticator } from '#door/authenticate.ts'
import { listen } from '#door/listener.ts'
import type { RelayedSession, SessionRecorder, SessionSide, SessionSighting } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import { DataChannels } from '../data-channel/data-channels.ts'
import { isAlive } from './node-calls.ts'

export const NODE_ID = 'mi-0123456789abcdef0'

/** A session as the directory would tell of it. */
export function aSession(more: Partial<RelayedSession> = {}): RelayedSession {
  return {
    scope: { account: '000000000000', region: 'us-east-1' },
    sessionId: 'someone-0123456789abcdef0',
    nodeId: NODE_ID,
    ownerArn: 'arn:aws:iam::000000000000:user/someone',
    documentName: 'SSM-SessionManagerRunShell',
    sessionType: 'Standard_Stream',
    startedAt: new Date('2026-11-21T12:00:00Z'),
    idleMs: 20 * 60_000,
    endsAt: undefined,
    encrypted: false,
    policy: { readOnly: false, forbiddenPatterns: [], endOnMatch: false },
    acknowledged: { below: 0, above: [] },
    ...more,
  }
}

interface LabOptions {
  /** Sessions that a server before this one left. */
  readonly open?: readonly RelayedSession[]
  readonly recorder?: SessionRecorder
}

/** Data channels without a server around them: nothing is stored, and the clock stands until it is moved. */
export class DataChannelLab implements AsyncDisposable {
  readonly channels: DataChannels
  readonly sightings: SessionSighting[] = []
  readonly #tokens = new Map<string, { session: RelayedSession; side: SessionSide } | { over: string }>()
  #now = new Date('2026-11-21T12:00:00Z')
  #url = ''
  #stop = async () => {}

  private constructor({ open = [], recorder }: LabOptions) {
    const database = { write: (work: (tx: never) => unknown) => work(undefined as never) }
    this.channels = new DataChannels({
      database: { ...database, read: database.write } as unknown as Database,
      directory: {
        admitAgent: async () => '',
        redeem: async (_tx, sessionId, token) => {
          const redeemed = this.#tokens.get(`${sessionId} ${token}`)
          this.#tokens.delete(`${sessionId} ${token}`)
          return redeemed
        },
        seen: async (_tx, sightings) => {
          this.sightings.push(...sightings)
          return { wakeNodes: [] }
        },
        open: async () => open,
      },
      recorder,
      authenticator: {} as Authenticator,
      clock: { now: () => this.#now },
      ids: randomIds,
      log: silentLogger,
      wakeNode: () => {},
      clockIsSteady: () => true,
    })
  }

  static async start(options: LabOptions = {}): Promise<DataChannelLab> {
    const lab = new DataChannelLab(options)
    await lab.channels.start()
    const listener = await listen({
      address: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      routes: [],
      upgrade: (request, raw) => void lab.channels.upgrade(request, raw),
      log: silentLogger,
    })
    lab.#url = `ws://127.0.0.1:${listener.address.port}/v1/data-channel/`
    lab.#stop = async () => {
      await lab.channels.stop()
      await listener.stop()
    }
    return lab
  }

  /** Moves the clock and does what is due. */
  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds)
    this.channels.look()
  }

  /** A token that is good once. */
  token(session: RelayedSession, side: SessionSide | { over: string }): string {
    const token = randomIds.secret(32)
    this.#tokens.set(`${session.sessionId} ${token}`, typeof side === 'string' ? { session, side } : side)
    return token
  }

  urlOf({ sessionId }: RelayedSession): string {
    return `${this.#url}${sessionId}?role=publish_subscribe`
  }

  /** An open WebSocket that has sent nothing. */
  async connect(session: RelayedSession, headers: Record<string, string> = {}): Promise<LabSide> {
    const socket = new WebSocket(this.urlOf(session), { headers })
    const side = new LabSide(socket)
    await once(socket, 'open')
    return side
  }

  /** A side whose token was accepted; `ours`: as our own agent or client comes. */
  async join(session: RelayedSession, side: SessionSide, { ours = false } = {}): Promise<LabSide> {
    const joined = await this.connect(session, ours ? { [agentHeader]: '0.1.0' } : {})
    joined.open(this.token(session, side))
    // The first may be answered while the token is looked up; after that nothing is read until it is accepted.
    await joined.roundTrip()
    await joined.roundTrip()
    return joined
  }

  /** The events that were reported of sessions, in order. */
  async events(): Promise<string[]> {
    await this.channels.busy()
    return this.sightings.map(({ event }) => event)
  }

  /** Resolves once such an event was reported. */
  async reported(event: SessionSighting['event']): Promise<void> {
    while (!(await this.events()).includes(event)) await new Promise((resolve) => setImmediate(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}

/** One side of a session, which does what a test says and nothing by itself. */
export class LabSide {
  readonly socket: WebSocket
  readonly received: AgentMessage[] = []
  #arrived: (() => void) | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      this.received.push(decodeAgentMessage(Uint8Array.from(data)))
      this.#arrived?.()
    })
    socket.on('close', () => this.#arrived?.())
  }

  open(tokenValue: string): void {
    this.socket.send(
      formatClientOpenFrame({ requestId: randomIds.uuid(), tokenValue, clientId: '', clientVersion: '1.2.677.0' }),
    )
  }

  frame(frame: Uint8Array): void {
    this.socket.send(frame)
  }

  message(messageType: string, payload: string | Uint8Array, head: Partial<AgentMessage> = {}): void {
    const createdDate = Date.now()
    this.frame(encodeAgentMessage({ messageType, messageId: randomIds.uuid(), createdDate, ...head, payload }))
  }

  /** As an agent sends it. */
  output(sequenceNumber: number, payload: string | Uint8Array, payloadType = 1): void {
    this.message('output_stream_data', payload, { sequenceNumber, payloadType })
  }

  /** As a client sends it. */
  input(sequenceNumber: number, payload: string | Uint8Array, payloadType = 1): void {
    this.message('input_stream_data', payload, { sequenceNumber, payloadType })
  }

  acknowledge(sequenceNumber: number, messageType = 'output_stream_data'): void {
    this.message('acknowledge', formatAcknowledge({ messageType, messageId: randomIds.uuid(), sequenceNumber }))
  }

  /** Resolves with the messages of a type once there are so many. */
  async messages(messageType: string, count = 1): Promise<AgentMessage[]> {
    for (;;) {
      const messages = this.received.filter((message) => message.messageType === messageType)
      if (messages.length >= count) return messages
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`Closed before ${count} ${messageType} came.`)
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
  }

  /** What stream messages of a type brought so far, as text with the number in front. */
  texts(messageType: 'output_stream_data' | 'input_stream_data'): string[] {
    const messages = this.received.filter((message) => message.messageType === messageType)
    return messages.map(({ sequenceNumber, payload }) => `${sequenceNumber} ${Buffer.from(payload)}`)
  }

  /** Resolves when the server has read what was sent before, and what it had sent by then has arrived; or at the end. */
  async roundTrip(): Promise<void> {
    await isAlive(this.socket)
  }

  /** The connection breaks as a cable does: without a word. */
  async cut(): Promise<void> {
    this.socket.terminate()
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close')
  }

  /** The code with which the server closed. */
  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) throw new Error('It is closed already.')
    const [code] = await once(this.socket, 'close')
    return code as number
  }
}
