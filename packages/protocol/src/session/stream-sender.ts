/*
 * The sending half of a reliable ordered stream over data-channel frames. Every frame gets the next sequence number and
 * is remembered *before* it is written, so that an acknowledgement can never arrive for a frame that nobody remembers.
 * It leaves memory when it is acknowledged; until then it counts against the window.
 *
 * What is sent again, and when:
 *   - after a new connection: everything unacknowledged, in order, at once;
 *   - at a tick: the oldest frame, when it waited longer than the round trip suggests; and every frame below the
 *     highest acknowledged one that did, because those are known to be lost. A frame that was sent often waits longer.
 *
 * Nothing is sent while there is no connection or while the server paused us; what is written then waits its turn.
 */
import type { FrameCodec } from '#agent-message.ts'
import type { StreamMessageType } from '#session/message-type.ts'
import { RoundTrip } from '#session/round-trip.ts'

export type StreamSenderOptions = {
  messageType: StreamMessageType
  codec: Pick<FrameCodec, 'encodeAgentMessage'>
  /** Milliseconds since 1970. */
  now(): number
  /** A fresh uuid. */
  newId(): string
  /** Unacknowledged payload bytes from which `hasRoom` is false. */
  window?: number
  /** Called when `hasRoom` became true again. */
  onRoom?(): void
  /** The first sequence number; not 0 when another sender began the stream. */
  first?: number
}

type Sent = { frame: Uint8Array; length: number; sentAt: number; times: number }

const defaultWindow = 1024 * 1024
const longestWait = 4000

export class StreamSender {
  readonly #options: StreamSenderOptions
  readonly #window: number
  readonly #unacknowledged = new Map<number, Sent>()
  readonly #roundTrip = new RoundTrip()
  #write: ((frame: Uint8Array) => void) | undefined
  #paused = false
  #next: number
  #highestAcknowledged: number
  #bytes = 0
  #full = false

  constructor(options: StreamSenderOptions) {
    this.#options = options
    this.#window = options.window ?? defaultWindow
    this.#next = options.first ?? 0
    this.#highestAcknowledged = this.#next - 1
  }

  /** Frames that wait for their acknowledgement. While this is 0 there is no need to tick. */
  get unacknowledged(): number {
    return this.#unacknowledged.size
  }

  /** The sequence number of the next message. */
  get next(): number {
    return this.#next
  }

  /** Every message below this number is acknowledged. */
  get oldest(): number {
    const [oldest = this.#next] = this.#unacknowledged.keys()
    return oldest
  }

  /** Payload bytes that wait for their acknowledgement. */
  get unacknowledgedBytes(): number {
    return this.#bytes
  }

  /** False when the window is full: the source should wait for `onRoom`. `send` works all the same. */
  get hasRoom(): boolean {
    return this.#bytes < this.#window
  }

  /** Whether the server asked us to wait. */
  get paused(): boolean {
    return this.#paused
  }

  /** Sends one stream message; returns its sequence number. */
  send(payloadType: number, payload: string | Uint8Array): number {
    const { messageType, codec, now, newId } = this.#options
    const sequenceNumber = this.#next
    this.#next += 1
    const flags = messageType === 'output_stream_data' && sequenceNumber === 0 ? 1 : 0
    const messageId = newId()
    const outgoing = { messageType, messageId, createdDate: now(), payload, sequenceNumber, flags, payloadType }
    const frame = codec.encodeAgentMessage(outgoing)
    const sent = { frame, length: frame.length, sentAt: 0, times: 0 }
    this.#unacknowledged.set(sequenceNumber, sent)
    this.#bytes += sent.length
    if (!this.hasRoom) this.#full = true
    this.#transmit(sent)
    return sequenceNumber
  }

  /** Forgets a frame that the other side has. Numbers that are not waiting mean nothing. */
  acknowledge(sequenceNumber: number): void {
    const sent = this.#unacknowledged.get(sequenceNumber)
    if (!sent) return
    this.#unacknowledged.delete(sequenceNumber)
    this.#highestAcknowledged = Math.max(this.#highestAcknowledged, sequenceNumber)
    this.#bytes -= sent.length
    if (sent.times === 1) this.#roundTrip.observe(this.#options.now() - sent.sentAt)
    if (this.#full && this.hasRoom) {
      this.#full = false
      this.#options.onRoom?.()
    }
  }

  /** A new connection: everything unacknowledged goes out again, and a pause of the old one is over. */
  connect(write: (frame: Uint8Array) => void): void {
    this.#write = write
    this.#paused = false
    this.#transmitAll()
  }

  /** The connection is gone; frames wait for the next one. */
  disconnect(): void {
    this.#write = undefined
  }

  /** pause_publication: sends nothing, not even again, until `resume` or a new connection. */
  pause(): void {
    this.#paused = true
  }

  /** start_publication, or a sign of life of the other side: what waited is sent. */
  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    for (const sent of this.#unacknowledged.values()) {
      if (sent.times === 0) this.#transmit(sent)
    }
  }

  /** Sends again what is overdue. To be called about every 100 ms while frames are unacknowledged. */
  tick(): void {
    const now = this.#options.now()
    let oldest = true
    for (const [sequenceNumber, sent] of this.#unacknowledged) {
      if (!oldest && sequenceNumber > this.#highestAcknowledged) return
      oldest = false
      if (now - sent.sentAt >= this.#wait(sent)) this.#transmit(sent)
    }
  }

  // The first three times after the round trip, then twice as long each time: resending must not fill a slow line.
  #wait(sent: Sent): number {
    return Math.min(longestWait, this.#roundTrip.timeout * 2 ** Math.max(0, sent.times - 3))
  }

  #transmitAll(): void {
    for (const sent of this.#unacknowledged.values()) this.#transmit(sent)
  }

  #transmit(sent: Sent): void {
    if (this.#paused || !this.#write) return
    sent.sentAt = this.#options.now()
    sent.times += 1
    this.#write(sent.frame)
  }
}
