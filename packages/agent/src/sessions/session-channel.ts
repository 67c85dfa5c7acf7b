/*
 * A session's data channel as the session sees it: numbered messages both ways that survive lost connections, encrypted once
 * that was agreed on. What the client sends is held back, unacknowledged, until somebody is ready for it.
 */
import { hash, randomUUID } from 'node:crypto'
import { type AgentMessage, frameCodec } from '@steward/protocol'
import {
  DataChannel,
  formatAgentSessionState,
  payloadType,
  sessionMessageType,
  tickInterval,
} from '@steward/protocol/session/index.ts'
import type { Cipher } from '#sessions/encryption.ts'

export type StreamMessage = { payloadType: number; payload: Uint8Array }

/** The most bytes of a payload. Clients of all versions take more, but none needs more. */
export const frameLimit = 64 * 1024

const encryptedTypes: ReadonlySet<number> = new Set([payloadType.output, payloadType.stdErr, payloadType.exitCode])

const codec = frameCodec((bytes) => hash('sha256', bytes, 'buffer'))

export class SessionChannel {
  readonly #channel: DataChannel
  readonly #onClosed: () => void
  #onMessage: (message: StreamMessage) => void = () => {}
  #onRoom = () => {}
  #onAcknowledged = () => {}
  #cipher: Cipher | undefined
  #ticks: NodeJS.Timeout | undefined
  #connected = false

  /** `onClosed` hears that the server ends the session. */
  constructor(onClosed: () => void) {
    this.#onClosed = onClosed
    this.#channel = new DataChannel({
      sends: sessionMessageType.outputStreamData,
      codec,
      now: Date.now,
      newId: randomUUID,
      deliver: (message) => this.#deliver(message),
      other: (message) => this.#other(message),
      onRoom: () => this.#onRoom(),
    })
    this.#channel.hold()
  }

  /** Lets client messages in, one after the other, to this listener until `hold`. */
  listen(listener: (message: StreamMessage) => void): void {
    this.#onMessage = listener
    this.#channel.release()
  }

  /** Lets no client message in until `release`: the client keeps what it sends. */
  hold(): void {
    this.#channel.hold()
  }

  release(): void {
    this.#channel.release()
  }

  /** Sends in as many messages as it takes. */
  send(type: number, payload: Uint8Array | string): void {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    for (let at = 0; at === 0 || at < bytes.length; at += frameLimit) {
      const part = bytes.length > frameLimit ? bytes.subarray(at, at + frameLimit) : bytes
      this.#channel.send(type, this.#cipher && encryptedTypes.has(type) ? this.#cipher.encrypt(part) : part)
    }
    this.#ticks ??= setInterval(() => this.#tick(), tickInterval)
  }

  /** False while too much is on its way: the source should pause until `onRoom`. */
  get hasRoom(): boolean {
    return this.#channel.hasRoom
  }

  /** Everything that was sent is acknowledged. */
  get isQuiet(): boolean {
    return this.#channel.unacknowledged === 0
  }

  onRoom(listener: () => void): void {
    this.#onRoom = listener
  }

  /** Tells the server, not the client, how the session is. */
  tellState(sessionId: string, state: 'Connected' | 'Terminating'): void {
    this.#channel.notify(sessionMessageType.agentSessionState, formatAgentSessionState({ sessionId, state }))
  }

  /** From now on payloads are encrypted, except where the protocol has them in clear. */
  encrypt(cipher: Cipher): void {
    this.#cipher = cipher
  }

  /**
   * Resolves when the client has everything; or when, although it could, it took nothing for `patienceMs`; or when it was
   * away for `absenceMs`.
   */
  drained(patienceMs: number, absenceMs: number): Promise<void> {
    let waiting = this.#channel.unacknowledged
    let since = performance.now()
    return new Promise((resolve) => {
      const look = () => {
        const left = this.#channel.unacknowledged
        const present = this.#connected && !this.#channel.paused
        if (left > 0 && left === waiting && performance.now() - since < (present ? patienceMs : absenceMs)) return
        if (left > 0 && left !== waiting) {
          waiting = left
          since = performance.now()
          return
        }
        clearInterval(looks)
        this.#onAcknowledged = () => {}
        resolve()
      }
      const looks = setInterval(look, 100)
      this.#onAcknowledged = look
      look()
    })
  }

  connected(write: (frame: Uint8Array) => void): void {
    this.#connected = true
    this.#channel.connect(write)
  }

  disconnected(): void {
    this.#connected = false
    this.#channel.disconnect()
  }

  /** Takes a frame of the connection. */
  received(frame: Uint8Array): void {
    this.#channel.receive(frame)
    this.#onAcknowledged()
  }

  stop(): void {
    clearInterval(this.#ticks)
    this.#channel.disconnect()
  }

  #deliver({ payloadType: type, payload }: AgentMessage): void {
    const clear = this.#cipher && type === payloadType.output ? this.#cipher.decrypt(payload) : payload
    this.#onMessage({ payloadType: type, payload: clear })
  }

  #other({ messageType }: AgentMessage): void {
    if (messageType === sessionMessageType.channelClosed) this.#onClosed()
  }

  #tick(): void {
    this.#channel.tick()
    if (this.#channel.unacknowledged > 0) return
    clearInterval(this.#ticks)
    this.#ticks = undefined
  }
}
