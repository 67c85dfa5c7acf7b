/*
 * Many byte streams over one: smux version 1, both roles. Streams take turns at sending, one frame each, as long as
 * `hasRoom` says that the carrier takes more. Version 1 has no window for a single stream: what a paused stream receives
 * is kept, and when the streams together keep more than `maxKept` bytes, `onFull` asks the owner to stop receiving
 * (DataChannel.hold) until `onDrained`. So one stream that nobody reads can halt the others, but never fill the memory.
 *
 * A stream ends each direction by itself; Amazon's programs close both at the first end, which this side sees as the
 * other end following at once.
 */
import { ProtocolError } from '#protocol-error.ts'
import { encodeSmuxFrame, SmuxDecoder, smuxCommand, smuxDataLimit } from '#session/smux-frame.ts'
import { SmuxStream } from '#session/smux-stream.ts'

export type SmuxOptions = {
  /** The client opens streams with odd ids from 3; the server accepts them. */
  role: 'client' | 'server'
  /** Takes bytes for the other side. Called only while `hasRoom()`, save for ends and openings. */
  write(bytes: Uint8Array): void
  /** Whether the carrier takes more; when it is true again, call `flush`. */
  hasRoom(): boolean
  /** A stream that the other side opened. */
  onStream?(stream: SmuxStream): void
  onFull?(): void
  onDrained?(): void
  maxKept?: number
  /** The most streams open at a time; further ones of the other side are closed at once. */
  maxStreams?: number
}

const defaultMaxKept = 4 * 1024 * 1024
const defaultMaxStreams = 4096
const firstClientId = 3
const nothing = new Uint8Array(0)

export class Smux {
  readonly #options: SmuxOptions
  readonly #decoder = new SmuxDecoder()
  readonly #streams = new Map<number, SmuxStream>()
  /** Streams that have something to send, in the order of their turns. */
  readonly #waiting = new Set<SmuxStream>()
  #nextId: number
  #kept = 0
  #full = false
  #flushing = false

  constructor(options: SmuxOptions) {
    this.#options = options
    this.#nextId = options.role === 'client' ? firstClientId : 2
  }

  /** Streams that are not closed on both sides. */
  get streams(): number {
    return this.#streams.size
  }

  /** Opens a stream; the other side learns it at once. */
  open(): SmuxStream {
    const id = this.#nextId
    this.#nextId += 2
    this.#command(smuxCommand.open, id)
    return this.#add(id)
  }

  /** Takes bytes of the other side; throws ProtocolError when they are no smux, after which the session is lost. */
  receive(bytes: Uint8Array): void {
    for (const frame of this.#decoder.decode(bytes)) {
      const stream = this.#streams.get(frame.streamId)
      if (frame.command === smuxCommand.open && !stream) this.#accept(frame.streamId)
      else if (frame.command === smuxCommand.data) stream?.received(frame.data)
      else if (frame.command === smuxCommand.close) stream?.receivedEnd()
    }
  }

  /** Sends what waits, as far as there is room. To be called when the carrier has room again. */
  flush(): void {
    if (this.#flushing) return
    this.#flushing = true
    try {
      while (this.#options.hasRoom()) {
        const [stream] = this.#waiting
        if (!stream) return
        this.#sendTurn(stream)
      }
    } finally {
      this.#flushing = false
    }
  }

  /** A frame that says nothing, for peers that close a session without any. */
  keepAlive(): void {
    this.#command(smuxCommand.keepAlive, 0)
  }

  /** Ends every stream at once, here only: the session is over. */
  destroy(): void {
    for (const stream of [...this.#streams.values()]) stream.destroy()
    this.#waiting.clear()
  }

  #accept(id: number): void {
    const { role, maxStreams = defaultMaxStreams, onStream } = this.#options
    if (id % 2 === (role === 'server' ? 0 : 1)) throw new ProtocolError(`smux: stream ${id} is not the peer's to open.`)
    if (onStream && this.#streams.size < maxStreams) onStream(this.#add(id))
    else this.#command(smuxCommand.close, id)
  }

  #add(id: number): SmuxStream {
    const stream: SmuxStream = new SmuxStream(id, {
      wantsToSend: () => {
        this.#waiting.add(stream)
        this.flush()
      },
      kept: (difference) => this.#countKept(difference),
      closed: () => {
        this.#waiting.delete(stream)
        this.#streams.delete(id)
      },
    })
    this.#streams.set(id, stream)
    return stream
  }

  #sendTurn(stream: SmuxStream): void {
    this.#waiting.delete(stream)
    const data = stream.takeToSend(smuxDataLimit)
    if (data) this.#options.write(encodeSmuxFrame({ command: smuxCommand.data, streamId: stream.id, data }))
    if (stream.hasMoreToSend) this.#waiting.add(stream)
    else if (stream.takeEnd()) this.#command(smuxCommand.close, stream.id)
  }

  #countKept(difference: number): void {
    const { maxKept = defaultMaxKept, onFull, onDrained } = this.#options
    this.#kept += difference
    if (!this.#full && this.#kept > maxKept) {
      this.#full = true
      onFull?.()
    } else if (this.#full && this.#kept <= maxKept / 2) {
      this.#full = false
      onDrained?.()
    }
  }

  #command(command: number, streamId: number): void {
    this.#options.write(encodeSmuxFrame({ command, streamId, data: nothing }))
  }
}
