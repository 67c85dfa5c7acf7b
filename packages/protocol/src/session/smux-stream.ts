/** What a stream tells its multiplexer. */
export type SmuxStreamOwner = {
  wantsToSend(): void
  /** Bytes kept for a reader that paused: more (positive) or fewer (negative) than before. */
  kept(difference: number): void
  closed(): void
}

const sendLimit = 256 * 1024

/**
 * One stream of a multiplexed session. Set the handlers before the next event of the carrier: nothing arrives earlier.
 * Either direction ends by itself; the stream is closed when both did, or by `destroy`.
 */
export class SmuxStream {
  readonly id: number
  onData: (data: Uint8Array) => void = () => {}
  /** The other side sends no more. */
  onEnd: () => void = () => {}
  /** `write` said false before; now there is room again. */
  onDrain: () => void = () => {}
  /** Both directions ended, or the session did. */
  onClose: () => void = () => {}

  readonly #owner: SmuxStreamOwner
  readonly #toSend: Uint8Array[] = []
  readonly #kept: Uint8Array[] = []
  #toSendBytes = 0
  #paused = false
  #drainWanted = false
  #ending = false
  #sentEnd = false
  #peerEnded = false
  #toldEnd = false
  #closed = false

  constructor(id: number, owner: SmuxStreamOwner) {
    this.id = id
    this.#owner = owner
  }

  /** Queues data to send. False: wait for `onDrain` before the next write. Data after `end` is dropped. */
  write(data: Uint8Array): boolean {
    if (this.#ending || this.#closed) return true
    if (data.length > 0) {
      this.#toSend.push(data)
      this.#toSendBytes += data.length
      this.#owner.wantsToSend()
    }
    this.#drainWanted = this.#toSendBytes >= sendLimit
    return !this.#drainWanted
  }

  /** Ends our direction after what was written. */
  end(): void {
    if (this.#ending || this.#closed) return
    this.#ending = true
    this.#owner.wantsToSend()
  }

  /** Ends both directions: what was written still goes out, what still arrives is dropped. */
  close(): void {
    this.end()
    this.#dropKept()
    this.#peerEnded = true
    this.#toldEnd = true
    this.#closeWhenBothEnded()
  }

  /** Keeps what arrives, the end included, until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    while (!this.#paused) {
      const data = this.#kept.shift()
      if (!data) break
      this.#owner.kept(-data.length)
      this.onData(data)
    }
    this.#tellEnd()
  }

  /** For the multiplexer: data of the other side. */
  received(data: Uint8Array): void {
    if (this.#peerEnded || data.length === 0) return
    if (this.#paused || this.#kept.length > 0) {
      this.#kept.push(data)
      this.#owner.kept(data.length)
    } else this.onData(data)
  }

  /** For the multiplexer: the other side ended its direction. */
  receivedEnd(): void {
    this.#peerEnded = true
    this.#tellEnd()
  }

  get hasMoreToSend(): boolean {
    return this.#toSendBytes > 0
  }

  /** For the multiplexer: the next bytes to send, at most `limit`. */
  takeToSend(limit: number): Uint8Array | undefined {
    const first = this.#toSend[0]
    if (!first) return undefined
    if (first.length <= limit) this.#toSend.shift()
    else this.#toSend[0] = first.subarray(limit)
    const taken = first.subarray(0, limit)
    this.#toSendBytes -= taken.length
    if (this.#drainWanted && this.#toSendBytes < sendLimit / 2) {
      this.#drainWanted = false
      this.onDrain()
    }
    return taken
  }

  /** For the multiplexer: whether our end is to be sent now; true once. */
  takeEnd(): boolean {
    if (!this.#ending || this.#sentEnd || this.hasMoreToSend) return false
    this.#sentEnd = true
    this.#closeWhenBothEnded()
    return true
  }

  /** For the multiplexer: the session is over. */
  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#toSend.length = 0
    this.#toSendBytes = 0
    this.#dropKept()
    this.#owner.closed()
    this.onClose()
  }

  #tellEnd(): void {
    if (this.#paused || !this.#peerEnded || this.#toldEnd || this.#kept.length > 0) return
    this.#toldEnd = true
    this.onEnd()
    this.#closeWhenBothEnded()
  }

  #closeWhenBothEnded(): void {
    if (this.#sentEnd && this.#toldEnd) this.destroy()
  }

  #dropKept(): void {
    const bytes = this.#kept.reduce((sum, data) => sum + data.length, 0)
    this.#kept.length = 0
    if (bytes > 0) this.#owner.kept(-bytes)
  }
}
