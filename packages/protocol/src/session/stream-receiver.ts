/*
 * The receiving half: stream messages in, each delivered once and in order, each acknowledged. A message ahead of a gap
 * is kept, within limits, and acknowledged at once; a message that came before is acknowledged again, because its
 * sender may have missed the first answer. What is beyond the limits is dropped unacknowledged: its sender still has it.
 *
 * A consumer that cannot take more calls `hold`: messages are then kept *without* acknowledgement, which stops a sender
 * that has a window, until `release`. Acknowledgements of the other direction must still be read meanwhile, so holding
 * is better than to stop reading the socket. A sender who asks again meanwhile gets a sign of life.
 */
import type { AgentMessage } from '#agent-message.ts'

export type StreamReceiverOptions = {
  /** Takes the next message in order; may call `hold`. It is acknowledged when this returns. */
  deliver(message: AgentMessage): void
  acknowledge(message: AgentMessage): void
  /** A message that is held came again: its sender wonders whether anybody is here. */
  wondered?(): void
  /** Most frames, and most payload bytes, that are kept. */
  maxFrames?: number
  maxBytes?: number
  /** Another receiver had the beginning of the stream: it goes on with the first message that comes. */
  late?: boolean
}

type Kept = { message: AgentMessage; acknowledged: boolean }

const defaultMaxFrames = 100_000
const defaultMaxBytes = 16 * 1024 * 1024

export class StreamReceiver {
  readonly #options: StreamReceiverOptions
  readonly #maxFrames: number
  readonly #maxBytes: number
  readonly #kept = new Map<number, Kept>()
  #keptBytes = 0
  #expected: number | undefined
  #held = false
  #delivering = false

  constructor(options: StreamReceiverOptions) {
    this.#options = options
    this.#maxFrames = options.maxFrames ?? defaultMaxFrames
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes
    this.#expected = options.late ? undefined : 0
  }

  /** The sequence number of the next message to deliver; undefined before the first one of a stream that was joined late. */
  get expected(): number | undefined {
    return this.#expected
  }

  get held(): boolean {
    return this.#held
  }

  receive(message: AgentMessage): void {
    const { sequenceNumber } = message
    if (sequenceNumber < 0) return
    this.#expected ??= sequenceNumber
    if (sequenceNumber < this.#expected) this.#options.acknowledge(message)
    else this.#receiveNew(message)
  }

  /** Delivers nothing and acknowledges nothing new until `release`. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    if (!this.#held) return
    this.#held = false
    this.#deliverAll()
    if (this.#held) return
    for (const kept of this.#kept.values()) {
      if (!kept.acknowledged) this.#acknowledge(kept)
    }
  }

  #receiveNew(message: AgentMessage): void {
    const { sequenceNumber } = message
    const known = this.#kept.get(sequenceNumber)
    if (known && this.#held) this.#options.wondered?.()
    const kept = known ?? this.#keep(message)
    if (!kept) return
    if (sequenceNumber > this.#expected! || kept.acknowledged) this.#acknowledge(kept)
    this.#deliverAll()
  }

  // The expected message always has a place, or a buffer that is full of later ones would never empty.
  #keep(message: AgentMessage): Kept | undefined {
    const { sequenceNumber, payload } = message
    const full = this.#kept.size >= this.#maxFrames || this.#keptBytes + payload.length > this.#maxBytes
    if (full && sequenceNumber !== this.#expected) return undefined
    const kept = { message, acknowledged: false }
    this.#kept.set(sequenceNumber, kept)
    this.#keptBytes += payload.length
    return kept
  }

  #acknowledge(kept: Kept): void {
    if (this.#held && !kept.acknowledged) return
    kept.acknowledged = true
    this.#options.acknowledge(kept.message)
  }

  #deliverAll(): void {
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (!this.#held && this.#deliverNext());
    } finally {
      this.#delivering = false
    }
  }

  #deliverNext(): boolean {
    const kept = this.#expected === undefined ? undefined : this.#kept.get(this.#expected)
    if (this.#expected === undefined || !kept) return false
    this.#kept.delete(this.#expected)
    this.#keptBytes -= kept.message.payload.length
    this.#expected += 1
    this.#options.deliver(kept.message)
    if (!kept.acknowledged) this.#options.acknowledge(kept.message)
    return true
  }
}
