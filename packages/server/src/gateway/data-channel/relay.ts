/**
 * One session's data channel: two sockets and the frames between them (session-protocol, sections 2, 10, 11 and 19). The two ends put
 * frames in order, acknowledge them and send them again. The relay passes them on as they are, and adds what Amazon's programs need
 * to survive, which a blind relay takes from them:
 *
 * - It knows what the client acknowledged. A frame of the agent that comes again after that is answered here: the agent overlooks
 *   acknowledgements that come fast, and the client answers no frame twice. That knowledge is stored every few seconds and
 *   at the end of the server, for without it a frame that was stuck would long be so.
 * - It keeps what the client has not acknowledged, and sends it all when the client comes back.
 * - It lets the agent pause while there is no client.
 * - It reads no faster from one side than the other takes.
 *
 * What it keeps is bounded. What does not fit is dropped, because whoever sent it has it still. A crash loses nothing but the sockets.
 */
import { hash } from 'node:crypto'
import {
  type FrameHead,
  parseAcknowledge,
  parseAgentSessionState,
  parseTerminalSize,
  payloadType,
  peekFrame,
  SequenceSet,
  sessionMessageType,
  type TerminalSize,
} from '@steward/protocol/session/index.ts'
import type { Clock } from '#kernel/clock.ts'
import type { RelayedSession, SessionRecording, SessionSide, SessionSighting } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'
import type { DataSocket } from './data-socket.ts'
import { Onlookers } from './onlookers.ts'
import type { ServerFrames } from './server-frames.ts'
import { type Ending, overdue } from './time-limits.ts'
import { Unacknowledged } from './unacknowledged.ts'

/** What the client may send ahead while the agent is away. */
const INPUT_ROOM = 256 * 1024
/** Numbers ahead of a gap that are remembered. */
const ACKNOWLEDGED_AHEAD = 10_000
/** How old what is stored of acknowledgements may be. */
const PROGRESS_MS = 5_000
/** How long the client of a shell that ended waits for what the node says of it. */
const COMPLETE_MS = 5_000
/** How often it is said again of a shell that it has ended while a client still gets its output. */
const STILL_SENDING_MS = 5_000
/** How long a client may take to get what came before its session ended. */
const LAST_WORDS_MS = 5_000

const DIGEST = { from: 80, to: 112 }
const SMUX_HEADER = 8
/** Version 1, NOP, no data. */
const SMUX_KEEP_ALIVE = Buffer.from([1, 3, 0, 0])

/** Types that keep a session from being idle. */
const USE: ReadonlySet<number> = new Set([payloadType.output, payloadType.size, payloadType.stdErr])

/** Types that read-only sessions let through: none of them reaches the shell as something typed. */
const HARMLESS: ReadonlySet<number> = new Set([
  payloadType.size,
  payloadType.handshakeResponse,
  payloadType.encChallengeResponse,
  payloadType.flag,
])

type Peer = 'node' | 'client'
type Sight = SessionSighting extends infer S ? (S extends SessionSighting ? Omit<S, 'sessionId' | 'at'> : never) : never

export interface RelayParts {
  readonly session: RelayedSession
  /** A server before this one relayed it. */
  readonly restored: boolean
  readonly recording: SessionRecording | undefined
  readonly frames: ServerFrames
  readonly clock: Clock
  readonly log: Logger
  readonly report: (sighting: SessionSighting) => void
  /** The session is over, and its client is told. Its sockets are left open for a while, for both sides to go by themselves. */
  readonly over: () => void
}

export class Relay {
  readonly session: RelayedSession
  readonly #parts: RelayParts
  readonly #onlookers: Onlookers
  #agent: DataSocket | undefined
  #client: DataSocket | undefined

  readonly #acknowledged: SequenceSet
  #acknowledgedChanged = false
  #reported: Date
  readonly #unacknowledged: Unacknowledged
  /** The highest numbers that came from either side. */
  #lastOutput: number
  #lastInput = -1
  #input: Uint8Array[] = []
  #inputBytes = 0
  #size: TerminalSize = { cols: 80, rows: 24 }

  readonly #since: Date
  #lastUse: Date
  /** When the client last said that it has something. */
  #lastDelivery: Date
  #clientCame: boolean
  #agentGoneSince: Date | undefined
  #agentIsPatient = false
  /** When it was last said that the shell has ended. */
  #terminating: Date | undefined
  #paused = false
  readonly #transferred = { toNode: 0, fromNode: 0 }
  #transferChanged = false
  #ignored = 0
  #ending: { readonly output: string; readonly since: Date } | undefined
  #over = false

  constructor(parts: RelayParts) {
    const { session, restored, recording, frames, clock } = parts
    const { below, above } = session.acknowledged
    this.session = session
    this.#parts = parts
    this.#acknowledged = new SequenceSet({ below, above: [...above] }, ACKNOWLEDGED_AHEAD)
    this.#unacknowledged = new Unacknowledged(restored)
    this.#lastOutput = Math.max(below - 1, ...above)
    this.#since = clock.now()
    this.#lastUse = this.#since
    this.#lastDelivery = this.#since
    this.#reported = this.#since
    this.#clientCame = restored
    this.#agentGoneSince = restored ? this.#since : undefined
    const forbidden = (pattern: string) => this.#forbidden(pattern)
    this.#onlookers = new Onlookers({ session, recording, next: below, frames, forbidden })
    if (restored) this.#sight({ event: 'client-lost' })
  }

  /** Takes a socket whose token was good. A former one of the same side is closed: the newest counts. */
  attach(side: SessionSide, socket: DataSocket): void {
    if (side === 'viewer') this.#onlookers.watch(socket, this.#lastOutput + 1)
    else if (side === 'agent') this.#attachAgent(socket)
    else this.#attachClient(socket)
  }

  /**
   * The session is over. A client that is reading gets what came before, unless it is `atOnce`, and is told; the agent is told on this
   * way too, in case that it cannot be reached on the other.
   */
  end(output: string, atOnce = false): void {
    if (this.#ending) return
    this.#ending = { output, since: this.#now() }
    this.#agent?.send(this.#parts.frames.channelClosed(this.session, output))
    if (atOnce) this.#finish(output)
    else this.#finishWhenDelivered()
  }

  /** Does what is due. To be called about once a second. */
  look(clockIsSteady: boolean): void {
    const now = this.#now()
    this.#onlookers.look(now.getTime())
    if (now.getTime() - this.#reported.getTime() >= PROGRESS_MS) this.reportProgress()
    if (this.#ending) this.#finishWhenDelivered()
    else if (this.#terminating) this.#lookAfterShell(now, this.#terminating)
    else this.#lookAtTime(now, clockIsSteady)
  }

  /**
   * What the shell's end came to, the node says on its other channel, after it has seen to its logs. The client is not to wait for
   * that, nor to be cut off while the node still sends: Amazon's agent says it two seconds after the last output was made, however much
   * of that a slow client has yet to get.
   */
  #lookAfterShell(now: Date, saidAt: Date): void {
    if (this.#lastDelivery.getTime() - saidAt.getTime() >= STILL_SENDING_MS) this.#sightTerminating()
    if (this.#agentGoneSince && now.getTime() - this.#agentGoneSince.getTime() >= COMPLETE_MS) this.end('')
  }

  #lookAtTime(now: Date, clockIsSteady: boolean): void {
    const ending = overdue(
      this.session,
      {
        since: this.#since,
        restored: this.#parts.restored,
        clientCame: this.#clientCame,
        agentGoneSince: this.#agentGoneSince,
        agentIsPatient: this.#agentIsPatient,
        lastUse: this.#lastUse,
      },
      now,
      clockIsSteady,
    )
    if (ending) this.endFor(ending)
  }

  /** Ends it for a reason that the gateway found. */
  endFor(ending: Ending): void {
    if (this.#ending) return
    this.#sight({ event: 'ended', ...ending })
    this.end(ending.output, true)
  }

  /** What the directory and the recording have to know now and then. */
  reportProgress(): void {
    this.#reported = this.#now()
    if (this.#acknowledgedChanged) this.#sight({ event: 'acknowledged', frames: this.#acknowledged.toJSON() })
    if (this.#transferChanged) this.#parts.recording?.transferred(this.#transferred.toNode, this.#transferred.fromNode)
    this.#acknowledgedChanged = false
    this.#transferChanged = false
  }

  ping(): void {
    for (const socket of this.#sockets()) socket.ping()
  }

  /** Ends the connections, not the session: both sides of one that is not over come back. */
  close(reason: 'over' | 'stopping'): void {
    this.#over = true
    for (const socket of this.#sockets()) socket.close(reason === 'over' ? 1000 : 1001, reason)
  }

  // The agent's side.

  #attachAgent(socket: DataSocket): void {
    this.#agent?.close(1000, 'replaced')
    this.#agent = socket
    this.#agentGoneSince = undefined
    this.#agentIsPatient = socket.ours
    this.#sight({ event: 'agent-connected' })
    socket.listen({
      frame: (frame) => this.#fromAgent(frame),
      room: () => this.#client?.release('agent'),
      oversized: () => this.#oversized('node'),
      closed: () => this.#agentLost(),
    })
    this.#client?.release('agent')
    if (this.#client?.full) socket.hold('client')
    if (this.#ending) socket.send(this.#parts.frames.channelClosed(this.session, this.#ending.output))
    const input = this.#input
    this.#input = []
    this.#inputBytes = 0
    for (const frame of input) this.#toAgent(frame)
    this.#paused = false
    if (!this.#client && this.#clientCame) this.#pause()
  }

  #agentLost(): void {
    this.#agent = undefined
    this.#agentGoneSince = this.#now()
    this.#client?.release('agent')
    this.#sight({ event: 'agent-lost' })
    if (this.#ending) this.#finishWhenDelivered()
  }

  #fromAgent(frame: Buffer): void {
    if (this.#over) return
    const head = this.#peek(frame, 'node')
    switch (head?.messageType) {
      case sessionMessageType.outputStreamData:
        this.#output(frame, head)
        break
      case sessionMessageType.acknowledge:
        this.#toClient(frame)
        break
      case sessionMessageType.agentSessionState:
        this.#agentState(head)
        break
    }
  }

  #output(frame: Buffer, head: FrameHead): void {
    const { sequenceNumber: sequence, payloadType: type, payload } = head
    // Clients drop what does not match its digest, and nothing may be on record that nobody saw.
    if (this.#onlookers.areWatching && !isDigestOf(frame, payload)) {
      this.#ignore('node')
      return
    }
    const known = this.#acknowledged.has(sequence)
    const kept = known ? undefined : this.#unacknowledged.keep(sequence, frame)
    // With no client and no room it is as if it had not come: the agent sends it again.
    if (!known && !kept && !this.#client) return
    const at = this.#now().getTime()
    this.#onlookers.take({ sequence, payloadType: type, payload, at })
    // It may have been what the session's policy forbids.
    if (this.#over) return
    if (sequence > this.#lastOutput) {
      this.#lastOutput = sequence
      this.#used(head, 'fromNode')
    }
    if (known) this.#toAgent(this.#parts.frames.acknowledge('output_stream_data', sequence))
    else if (this.#client) this.#sendOutput(sequence, kept ?? frame, at)
    this.#waitForRecording()
  }

  /** Sends the client a frame; takes it for acknowledged if the client clearly has it and does not say so. */
  #sendOutput(sequence: number, frame: Uint8Array, at: number): void {
    if (this.#unacknowledged.sending(sequence, at)) {
      this.#toClient(frame)
      return
    }
    this.#noteAcknowledged(sequence)
    this.#toAgent(this.#parts.frames.acknowledge('output_stream_data', sequence))
  }

  #agentState({ payload }: FrameHead): void {
    const state = this.#parsed(() => parseAgentSessionState(payload).state, 'node')
    if (state !== 'Terminating' || this.#terminating) return
    this.#sightTerminating()
  }

  #sightTerminating(): void {
    this.#terminating = this.#now()
    this.#sight({ event: 'agent-terminating' })
  }

  /** Lets the agent wait for the client. Amazon's ends the commands of this type instead of pausing them. */
  #pause(): void {
    if (!this.#agent?.ours && this.session.sessionType === 'NonInteractiveCommands') return
    this.#paused = true
    this.#toAgent(this.#parts.frames.publication('pause_publication'))
  }

  /** Reads no more from the agent while the recording is behind. */
  #waitForRecording(): void {
    const { recording } = this.#parts
    const agent = this.#agent
    if (!recording?.behind || !agent) return
    agent.hold('recording')
    const release = () => agent.release('recording')
    void recording.drained().then(release, release)
  }

  #toAgent(frame: Uint8Array): void {
    if (this.#agent && !this.#agent.send(frame)) this.#client?.hold('agent')
  }

  // The client's side.

  #attachClient(socket: DataSocket): void {
    this.#client?.close(1000, 'replaced')
    this.#client = socket
    this.#clientCame = true
    this.#lastUse = this.#now()
    this.#sight({ event: 'client-connected' })
    socket.listen({
      frame: (frame) => this.#fromClient(frame),
      room: () => this.#agent?.release('client'),
      oversized: () => this.#oversized('client'),
      closed: () => this.#clientLost(),
    })
    this.#agent?.release('client')
    if (this.#agent?.full) socket.hold('agent')
    this.#unacknowledged.connectionLost()
    const at = this.#lastUse.getTime()
    for (const [sequence, frame] of this.#unacknowledged.inOrder()) this.#sendOutput(sequence, frame, at)
    if (this.#paused) this.#toAgent(this.#parts.frames.publication('start_publication'))
    this.#paused = false
  }

  #clientLost(): void {
    this.#client = undefined
    this.#unacknowledged.connectionLost()
    this.#agent?.release('client')
    this.#sight({ event: 'client-lost' })
    this.#pause()
    if (this.#ending) this.#finishWhenDelivered()
  }

  #fromClient(frame: Buffer): void {
    if (this.#over) return
    const head = this.#peek(frame, 'client')
    switch (head?.messageType) {
      case sessionMessageType.inputStreamData:
        this.#takeInput(frame, head)
        break
      case sessionMessageType.acknowledge:
        this.#takeAcknowledge(frame, head)
        break
      case sessionMessageType.pausePublication:
      case sessionMessageType.startPublication:
        this.#toAgent(frame)
        break
    }
  }

  #takeInput(frame: Buffer, head: FrameHead): void {
    const { sequenceNumber: sequence, payloadType: type, payload } = head
    if (type === payloadType.size) this.#takeSize(payload)
    if (sequence > this.#lastInput) {
      this.#lastInput = sequence
      this.#used(head, 'toNode')
    }
    // What is kept back must leave no gap in the numbers.
    const keepBack = this.session.policy.readOnly && !HARMLESS.has(type)
    const passed = keepBack ? this.#parts.frames.size(sequence, this.#size) : frame
    if (this.#agent) this.#toAgent(passed)
    else this.#holdInput(passed)
  }

  /** Keeps what the client sends while the agent is away. Acknowledgements need no keeping: they are given again when asked for. */
  #holdInput(frame: Uint8Array): void {
    if (this.#inputBytes + frame.length > INPUT_ROOM) return
    this.#inputBytes += frame.length
    this.#input.push(Uint8Array.from(frame))
  }

  #takeSize(payload: Uint8Array): void {
    const size = this.#parsed(() => parseTerminalSize(payload), 'client')
    if (!size || (size.cols === this.#size.cols && size.rows === this.#size.rows)) return
    this.#size = size
    this.#onlookers.resize(size, this.#now().getTime())
  }

  #takeAcknowledge(frame: Buffer, { payload }: FrameHead): void {
    const sequence = this.#parsed(() => parseAcknowledge(payload).sequenceNumber, 'client')
    if (sequence === undefined) return
    this.#lastDelivery = this.#now()
    this.#noteAcknowledged(sequence)
    this.#toAgent(frame)
    if (this.#ending) this.#finishWhenDelivered()
  }

  #noteAcknowledged(sequence: number): void {
    this.#acknowledged.add(sequence)
    this.#acknowledgedChanged = true
    this.#unacknowledged.acknowledged(sequence)
  }

  #toClient(frame: Uint8Array): void {
    if (this.#client && !this.#client.send(frame)) this.#agent?.hold('client')
  }

  // Both.

  #peek(frame: Buffer, side: Peer): FrameHead | undefined {
    const head = peekFrame(frame)
    if (head && head.sequenceNumber >= 0) return head
    this.#ignore(side)
    return undefined
  }

  /** What cannot be read changes nothing; that it came is logged once. */
  #parsed<T>(parse: () => T, side: Peer): T | undefined {
    try {
      return parse()
    } catch {
      this.#ignore(side)
      return undefined
    }
  }

  #ignore(side: Peer): void {
    const { sessionId, nodeId } = this.session
    if (this.#ignored++ === 0) this.#parts.log.warn({ sessionId, nodeId, side }, 'malformed frame of a session ignored')
  }

  #oversized(side: Peer): void {
    this.endFor({ output: `The ${side} sent a message that is larger than the server takes.`, failed: true })
  }

  #forbidden(pattern: string): void {
    this.#sight({ event: 'forbidden', pattern })
    if (!this.session.policy.endOnMatch) return
    this.endFor({ output: 'The session was ended because its policy forbids what it showed.', failed: true })
  }

  /** The first time that this frame came. Who keeps a session alive is not the machinery of a tunnel. */
  #used({ payloadType: type, payload }: FrameHead, direction: 'toNode' | 'fromNode'): void {
    if (!USE.has(type)) return
    if (this.session.sessionType === 'Port') {
      if (payload.length === SMUX_HEADER && SMUX_KEEP_ALIVE.equals(payload.subarray(0, SMUX_KEEP_ALIVE.length))) return
      this.#transferred[direction] += payload.length
      this.#transferChanged = true
    }
    if (this.#client) this.#lastUse = this.#now()
  }

  #sight(seen: Sight): void {
    if (!this.#over) this.#parts.report({ sessionId: this.session.sessionId, at: this.#now(), ...seen })
  }

  #now(): Date {
    return this.#parts.clock.now()
  }

  *#sockets(): Iterable<DataSocket> {
    if (this.#agent) yield this.#agent
    if (this.#client) yield this.#client
    yield* this.#onlookers.viewers
  }

  /** Waits a while for a client that has not read everything yet. */
  #finishWhenDelivered(): void {
    const { output, since } = this.#ending!
    const open = this.#unacknowledged.size > 0 || this.#agent?.held
    const patient = this.#now().getTime() - since.getTime() < LAST_WORDS_MS
    if (!(this.#client && open && patient)) this.#finish(output)
  }

  #finish(output: string): void {
    if (this.#over) return
    this.#over = true
    this.#onlookers.end(output)
    this.reportProgress()
    this.#client?.send(this.#parts.frames.channelClosed(this.session, output))
    this.#parts.over()
  }
}

function isDigestOf(frame: Buffer, payload: Uint8Array): boolean {
  return hash('sha256', payload, 'buffer').equals(frame.subarray(DIGEST.from, DIGEST.to))
}
