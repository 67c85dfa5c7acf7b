/*
 * One end of a data channel, the same for agent and client: a sender and a receiver over whichever WebSocket there is at
 * the moment. The owner opens sockets, sends the open frame, hands over what arrives and calls `tick`; this keeps the
 * sequence numbers, so that a session goes on over a new socket as if nothing had happened.
 */
import { type AgentMessage, type FrameCodec, FrameError } from '#agent-message.ts'
import { ProtocolError } from '#protocol-error.ts'
import { formatAcknowledge, parseAcknowledge } from '#session/acknowledge.ts'
import { type StreamMessageType, sessionMessageType } from '#session/message-type.ts'
import { StreamReceiver } from '#session/stream-receiver.ts'
import { StreamSender } from '#session/stream-sender.ts'

export type DataChannelOptions = {
  /** What this end sends; it receives the other one. */
  sends: StreamMessageType
  codec: FrameCodec
  /** Milliseconds since 1970. */
  now(): number
  /** A fresh uuid. */
  newId(): string
  /** The next stream message, once and in order; acknowledged when this returns. */
  deliver(message: AgentMessage): void
  /** Any other message: channel_closed, or what is not known. */
  other?(message: AgentMessage): void
  /** The window has room again after it was full. */
  onRoom?(): void
  /** See StreamSender and StreamReceiver. */
  window?: number
  maxFrames?: number
  maxBytes?: number
  /** Goes on where another program was that had this end: the number of the first message to send. */
  continueAt?: number | undefined
}

/** How often `tick` is to be called while `unacknowledged` is not 0. */
export const tickInterval = 100

const synAndFin = 3

export class DataChannel {
  readonly #options: DataChannelOptions
  readonly #sender: StreamSender
  readonly #receiver: StreamReceiver
  readonly #receives: StreamMessageType
  #write: ((frame: Uint8Array) => void) | undefined
  #lastAcknowledge: string | undefined

  constructor(options: DataChannelOptions) {
    const { sends, codec, now, newId, window, maxFrames, maxBytes, continueAt } = options
    this.#options = options
    this.#receives = sends === 'input_stream_data' ? 'output_stream_data' : 'input_stream_data'
    this.#sender = new StreamSender({
      messageType: sends,
      codec,
      now,
      newId,
      window,
      onRoom: () => options.onRoom?.(),
      ...(continueAt !== undefined && { first: continueAt }),
    })
    this.#receiver = new StreamReceiver({
      deliver: (message) => options.deliver(message),
      acknowledge: (message) => this.#acknowledge(message),
      wondered: () => this.#acknowledgeAgain(),
      maxFrames,
      maxBytes,
      late: continueAt !== undefined,
    })
  }

  /** What was sent: all below `acknowledged` has arrived; `next` is the next number. */
  get sent(): { readonly acknowledged: number; readonly next: number } {
    return { acknowledged: this.#sender.oldest, next: this.#sender.next }
  }

  get unacknowledged(): number {
    return this.#sender.unacknowledged
  }

  get unacknowledgedBytes(): number {
    return this.#sender.unacknowledgedBytes
  }

  /** False when the window is full: the source should pause until `onRoom`. */
  get hasRoom(): boolean {
    return this.#sender.hasRoom
  }

  /** Whether the server asked this end to send nothing: its client is away. */
  get paused(): boolean {
    return this.#sender.paused
  }

  /** Sends a stream message now, or when there is a connection. Returns its sequence number. */
  send(payloadType: number, payload: string | Uint8Array): number {
    return this.#sender.send(payloadType, payload)
  }

  /** Sends a message outside the stream, if there is a connection: agent_session_state. */
  notify(messageType: string, payload: string | Uint8Array): void {
    const { codec, now, newId } = this.#options
    const head = { messageType, messageId: newId(), createdDate: now(), flags: synAndFin }
    this.#write?.(codec.encodeAgentMessage({ ...head, payload }))
  }

  /** A socket is open and its open frame sent: `write` takes binary messages. Resends what is unacknowledged. */
  connect(write: (frame: Uint8Array) => void): void {
    this.#write = write
    this.#sender.connect(write)
  }

  disconnect(): void {
    this.#write = undefined
    this.#sender.disconnect()
  }

  /**
   * Takes one binary message of the socket. Returns false for bytes that are no right frame: they are ignored, and a
   * stream message among them comes again.
   */
  receive(frame: Uint8Array): boolean {
    const message = this.#decode(frame)
    if (message) this.#take(message)
    return message !== undefined
  }

  /** The consumer cannot take more: nothing is delivered or acknowledged until `release`. */
  hold(): void {
    this.#receiver.hold()
  }

  release(): void {
    this.#receiver.release()
  }

  tick(): void {
    this.#sender.tick()
  }

  /** Of what clients send no digest is checked, as Amazon's agent checks none: those in JavaScript send wrong ones. */
  #decode(frame: Uint8Array): AgentMessage | undefined {
    const { codec, sends } = this.#options
    try {
      return codec.decodeAgentMessage(frame, sends === 'output_stream_data' ? 'ignored' : 'checked')
    } catch (error) {
      if (error instanceof FrameError) return undefined
      throw error
    }
  }

  #take(message: AgentMessage): void {
    switch (message.messageType) {
      case this.#receives:
        this.#sender.resume()
        this.#receiver.receive(message)
        break
      case sessionMessageType.acknowledge:
        this.#sender.resume()
        this.#sender.acknowledge(acknowledgedNumber(message.payload))
        break
      case sessionMessageType.pausePublication:
        this.#sender.pause()
        break
      case sessionMessageType.startPublication:
        this.#sender.resume()
        break
      default:
        this.#options.other?.(message)
    }
  }

  #acknowledge(message: AgentMessage): void {
    const { messageType, messageId, sequenceNumber } = message
    this.#lastAcknowledge = formatAcknowledge({ messageType, messageId, sequenceNumber })
    this.#acknowledgeAgain()
  }

  #acknowledgeAgain(): void {
    if (this.#lastAcknowledge) this.notify(sessionMessageType.acknowledge, this.#lastAcknowledge)
  }
}

/** The number that an acknowledgement is about; one that nobody ever sends for a payload that is none. */
function acknowledgedNumber(payload: Uint8Array): number {
  try {
    return parseAcknowledge(payload).sequenceNumber
  } catch (error) {
    if (error instanceof ProtocolError) return -1
    throw error
  }
}
