/*
 * A client of one session, of any type, in browsers and in Node. It opens the data channel, learns from the first message
 * how the session begins (a handshake, or output at once), holds back input until then, delivers output in order, keeps
 * the session going over new sockets, and says when and why it ended.
 *
 * Reading can be paused: our agent then stops at its window; what Amazon's sends meanwhile is kept. Whatever takes time
 * (the reader, decryption, asking KMS) holds the channel, so order needs no queue of its own, and the end is told after
 * the last output.
 */
import { type AgentMessage, type FrameCodec, frameCodec } from '@steward/protocol/agent-message.ts'
import { ProtocolError } from '@steward/protocol/protocol-error.ts'
import {
  DataChannel,
  formatClientOpenFrame,
  formatEncChallenge,
  formatFlag,
  formatHandshakeResponse,
  formatTerminalSize,
  parseChannelClosed,
  parseEncChallenge,
  parseExitCode,
  parseFlag,
  parseHandshakeComplete,
  parseHandshakeRequest,
  parseTerminalSize,
  payloadType,
  type SessionCipher,
  Smux,
  sessionFeature,
  sessionMessageType,
  type TerminalSize,
  tickInterval,
} from '@steward/protocol/session/index.ts'
import { Connection } from '#connection.ts'
import { type Answerer, answerChallenge, answerHandshake } from '#handshake.ts'
import { sha256 } from '#sha256.ts'
import type { OpenSocket, SessionSocket } from '#socket.ts'
import { type StartedSession, shellSession } from '#started-session.ts'
import { randomUuid } from '#uuid.ts'
import { webCipher } from '#web-cipher.ts'

/** How far the input of a session is: all below `acknowledged` has arrived, `next` is not sent yet. */
export type InputPosition = { acknowledged: number; next: number }

/** `closed`: by the server, with a word to the user. `failed`: by an error on this side or a message of no sense. */
export type SessionEnd = { how: 'closed' | 'timed-out' | 'unreachable' | 'failed'; output: string }

export type SessionEvents = {
  /** Once, before any output: what kind of session it is. */
  started?(session: StartedSession): void
  /** Bytes as they came: a character may be cut. `error` is the error stream of a command without a terminal. */
  output?(bytes: Uint8Array, stream: 'output' | 'error'): void
  exited?(code: number): void
  /** What the agent wants the user to read. */
  message?(text: string): void
  /** `sessionFlag` of port sessions. */
  flagged?(flag: number): void
  /** To a viewer, the size of the terminal that is watched. */
  resized?(size: TerminalSize): void
  /** `hasRoom` is true again. */
  room?(): void
  connected?(): void
  /** The connection broke; another one is looked for. */
  lost?(): void
  /** Once, as the last event. Not after `close`. */
  ended?(end: SessionEnd): void
}

export type SessionClientOptions = SessionEvents & {
  sessionId: string
  streamUrl: string
  tokenValue: string
  /** The node as it was given to StartSession; encrypted sessions need it. */
  targetId?: string
  openSocket?: OpenSocket
  /** ResumeSession: a new token, undefined when the session is over. Without it a lost connection is the end. */
  resume?: () => Promise<string | undefined>
  generateDataKey?: Answerer['generateDataKey']
  sessionTypeResult?: Answerer['sessionTypeResult']
  /** WebCrypto's by default. */
  cipher?: Answerer['cipher']
  /** What agents compare to know what a client can do. */
  clientVersion?: string
  codec?: FrameCodec
  newId?(): string
  now?(): number
  patience?: { first: number; again: number }
  /** Unacknowledged bytes of input from which `hasRoom` is false. */
  window?: number
  /**
   * Goes on with a session with a terminal that another client had, as of this page before it was loaded again: `position` of that one.
   * What was on its way to the node at that moment is lost.
   */
  rejoin?: InputPosition | undefined
}

const defaultClientVersion = '1.2.677.0'
const defaultPatience = { first: 10_000, again: 15 * 60_000 }
const inputPerFrame = 64 * 1024
/** While the socket has this much to send, resending would only add to it. */
const busySocket = 64 * 1024
/** A socket on which nothing comes for so long, though answers are due, is taken for dead. */
const longestSilence = 30_000

/** Streams of ours end each direction by itself, if those who use them let them (`joinConnection`). */
const features = [sessionFeature.halfClose]

type HoldReason = 'reader' | 'work' | 'streams'

export class SessionClient {
  readonly #options: SessionClientOptions
  readonly #channel: DataChannel
  readonly #connection: Connection
  readonly #clientVersion: string
  readonly #newId: () => string
  readonly #now: () => number
  readonly #holds = new Set<HoldReason>()
  #session: StartedSession = shellSession
  #started = false
  #waiting: (() => void)[] = []
  #size: TerminalSize | undefined
  #cipher: SessionCipher | undefined
  #sealing: Promise<void> = Promise.resolve()
  #smux: Smux | undefined
  #ticking: ReturnType<typeof setTimeout> | undefined
  #lastHeard = 0
  #end: SessionEnd | undefined
  #isOver = false

  constructor(options: SessionClientOptions) {
    const { newId = randomUuid, now = Date.now, codec = frameCodec(sha256), clientVersion, window, rejoin } = options
    this.#options = options
    this.#newId = newId
    this.#now = now
    this.#clientVersion = clientVersion ?? defaultClientVersion
    this.#channel = new DataChannel({
      sends: 'input_stream_data',
      codec,
      now,
      newId,
      window,
      continueAt: rejoin?.acknowledged,
      deliver: (message) => this.#guard(() => this.#deliver(message)),
      other: (message) => this.#guard(() => this.#other(message)),
      onRoom: () => {
        this.#smux?.flush()
        options.room?.()
      },
    })
    this.#connection = this.#newConnection(newId())
  }

  /** Connects. Set up everything that events use before. */
  start(): void {
    this.#fillGap()
    this.#connection.start()
  }

  /** What `rejoin` of a later client needs; not of encrypted sessions, whose key goes with this client. */
  get position(): InputPosition {
    return this.#channel.sent
  }

  /** False when much input waits for its acknowledgement: wait for the event `room`. */
  get hasRoom(): boolean {
    return this.#channel.hasRoom && this.#waiting.length === 0
  }

  /** Bytes for the session: keystrokes, a command's input, a tunnel's bytes. Kept until the session has started. */
  input(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += inputPerFrame) {
      const part = bytes.subarray(at, at + inputPerFrame)
      this.#whenStarted(() => this.#send(payloadType.output, part))
    }
  }

  /** The terminal's size, now and whenever it changes. */
  resize(size: TerminalSize): void {
    this.#size = size
    if (this.#started) this.#sendSize()
  }

  /** A `sessionFlag`, in order with the input. */
  flag(flag: number): void {
    this.#whenStarted(() => this.#send(payloadType.flag, formatFlag(flag)))
  }

  /** No output is delivered until `resume`. */
  pause(): void {
    this.#hold('reader')
  }

  resume(): void {
    this.#release('reader')
  }

  /** The streams of a multiplexed port session. To be called in the event `started`. */
  multiplex(): Smux {
    this.#smux = new Smux({
      role: 'client',
      write: (bytes) => this.#send(payloadType.output, bytes),
      hasRoom: () => this.#channel.hasRoom,
      onFull: () => this.#hold('streams'),
      onDrained: () => this.#release('streams'),
    })
    return this.#smux
  }

  /** Leaves without a word: the session goes on until its time is over. No event comes any more. */
  close(): void {
    this.#isOver = true
    clearTimeout(this.#ticking)
    this.#connection.close()
    this.#smux?.destroy()
  }

  /** What the client before may not have sent must leave no gap in the numbers; a size in its place does no harm. */
  #fillGap(): void {
    const { rejoin } = this.#options
    if (!rejoin) return
    this.#size ??= { cols: 80, rows: 24 }
    for (let number = rejoin.acknowledged; number < rejoin.next; number += 1) this.#sendSize()
    this.#begin()
  }

  #newConnection(clientId: string): Connection {
    const { streamUrl, tokenValue, openSocket = openWebSocket, resume, patience } = this.#options
    const clientVersion = this.#clientVersion
    return new Connection({
      url: streamUrl,
      token: tokenValue,
      open: openSocket,
      resume,
      patience: patience ?? defaultPatience,
      now: this.#now,
      openFrame: (token) =>
        formatClientOpenFrame({ requestId: this.#newId(), tokenValue: token, clientId, clientVersion }),
      connected: () => {
        this.#lastHeard = this.#now()
        this.#channel.connect((frame) => this.#connection.send(frame))
        this.#options.connected?.()
      },
      received: (frame) => {
        this.#lastHeard = this.#now()
        this.#channel.receive(frame)
      },
      lost: () => {
        this.#channel.disconnect()
        this.#options.lost?.()
      },
      gone: (why, detail) => this.#finish({ how: why === 'over' ? 'timed-out' : 'unreachable', output: detail }),
    })
  }

  #deliver(message: AgentMessage): void {
    switch (message.payloadType) {
      case payloadType.handshakeRequest:
        this.#work(() => this.#answerHandshake(message.payload))
        break
      case payloadType.encChallengeRequest:
        this.#work(() => this.#answerChallenge(message.payload))
        break
      case payloadType.handshakeComplete:
        this.#completeHandshake(message.payload)
        break
      case payloadType.flag:
        this.#options.flagged?.(parseFlag(message.payload))
        break
      case payloadType.size:
        this.#options.resized?.(parseTerminalSize(message.payload))
        break
      default:
        this.#deliverData(message)
    }
  }

  async #answerHandshake(payload: Uint8Array): Promise<void> {
    const { sessionId, targetId = '', generateDataKey, sessionTypeResult, cipher = webCipher } = this.#options
    const answerer = { sessionId, targetId, generateDataKey, sessionTypeResult, cipher }
    const answer = await answerHandshake(parseHandshakeRequest(payload), answerer)
    this.#session = answer.session
    this.#cipher = answer.cipher
    const response = { clientVersion: this.#clientVersion, actions: answer.actions, errors: [], features }
    this.#sendNow(payloadType.handshakeResponse, formatHandshakeResponse(response))
  }

  async #answerChallenge(payload: Uint8Array): Promise<void> {
    if (!this.#cipher)
      throw new ProtocolError('The agent asks for a challenge of an encryption that it did not ask for.')
    const challenge = await answerChallenge(parseEncChallenge(payload), this.#cipher)
    this.#sendNow(payloadType.encChallengeResponse, formatEncChallenge(challenge))
  }

  #completeHandshake(payload: Uint8Array): void {
    const { customerMessage } = parseHandshakeComplete(payload)
    if (customerMessage !== '') this.#options.message?.(customerMessage)
    this.#begin()
  }

  /** Output before any handshake: a shell. */
  #deliverData(message: AgentMessage): void {
    this.#begin()
    const { payloadType: type, payload } = message
    const cipher = this.#cipher
    if (cipher && isSealed(type)) this.#work(async () => this.#emit(type, await cipher.decrypt(payload)))
    else this.#emit(type, payload)
  }

  #emit(type: number, payload: Uint8Array): void {
    if (type === payloadType.exitCode) this.#options.exited?.(parseExitCode(payload))
    else if (this.#smux) this.#smux.receive(payload)
    else this.#options.output?.(payload, type === payloadType.stdErr || type === payloadType.error ? 'error' : 'output')
  }

  #begin(): void {
    if (this.#started) return
    this.#started = true
    this.#options.started?.(this.#session)
    if (this.#size) this.#sendSize()
    for (const send of this.#waiting.splice(0)) send()
    this.#options.room?.()
  }

  #other(message: AgentMessage): void {
    if (message.messageType !== sessionMessageType.channelClosed) return
    this.#end = { how: 'closed', output: parseChannelClosed(message.payload).output }
    this.#endWhenRead()
  }

  #whenStarted(send: () => void): void {
    if (this.#started) send()
    else this.#waiting.push(send)
  }

  #sendSize(): void {
    const { sessionType } = this.#session
    const hasTerminal = sessionType === 'Standard_Stream' || sessionType === 'InteractiveCommands'
    if (hasTerminal) this.#sendNow(payloadType.size, formatTerminalSize(this.#size!))
  }

  // In an encrypted session everything that must stay in order goes through the same queue; only input is sealed.
  #send(type: number, payload: Uint8Array): void {
    const cipher = this.#cipher
    if (cipher) this.#sendSealed(type, payload, cipher)
    else this.#sendNow(type, payload)
  }

  #sendSealed(type: number, payload: Uint8Array, cipher: SessionCipher): void {
    const sealed = () => (type === payloadType.output ? cipher.encrypt(payload) : payload)
    this.#sealing = this.#sealing
      .then(async () => this.#sendNow(type, await sealed()))
      .catch((error: unknown) => this.#fail(error))
  }

  #sendNow(type: number, payload: string | Uint8Array): void {
    if (this.#isOver) return
    this.#channel.send(type, payload)
    this.#ticking ??= setTimeout(() => this.#tick(), tickInterval)
  }

  #tick(): void {
    this.#ticking = undefined
    if (this.#channel.unacknowledged === 0) return
    if (this.#connection.buffered < busySocket) this.#channel.tick()
    if (this.#now() - this.#lastHeard > longestSilence) this.#connection.drop()
    this.#ticking = setTimeout(() => this.#tick(), tickInterval)
  }

  /** Holds the channel until the task is done. */
  #work(task: () => Promise<void>): void {
    this.#hold('work')
    task()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#release('work'))
  }

  #hold(reason: HoldReason): void {
    this.#holds.add(reason)
    this.#channel.hold()
  }

  #release(reason: HoldReason): void {
    this.#holds.delete(reason)
    if (this.#holds.size > 0 || this.#isOver) return
    this.#channel.release()
    this.#endWhenRead()
  }

  #endWhenRead(): void {
    if (this.#end && this.#holds.size === 0) this.#finish(this.#end)
  }

  #guard(step: () => void): void {
    if (this.#isOver) return
    try {
      step()
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#finish({ how: 'failed', output: error instanceof Error ? error.message : String(error) })
  }

  #finish(end: SessionEnd): void {
    if (this.#isOver) return
    this.close()
    this.#options.ended?.(end)
  }
}

function isSealed(type: number): boolean {
  return type === payloadType.output || type === payloadType.stdErr || type === payloadType.exitCode
}

function openWebSocket(url: string): SessionSocket {
  return new WebSocket(url)
}
