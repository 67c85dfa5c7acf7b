/*
 * A port session that carries any number of connections: each stream of the client becomes one connection to the destination.
 * Either end of either direction is passed on; a connection that cannot be made closes its stream, and the client is told.
 */
import { ProtocolError } from '@steward/protocol'
import {
  formatFlag,
  joinConnection,
  parseFlag,
  payloadType,
  Smux,
  type SmuxStream,
  sessionFlag,
} from '@steward/protocol/session/index.ts'
import { call, type Destination } from '#sessions/port/destination.ts'
import type { SessionChannel, StreamMessage } from '#sessions/session-channel.ts'
import { endedWell, type SessionEnd, type SessionKind } from '#sessions/session-kind.ts'

const keepAliveMs = 10_000

export type MultiplexedPortOptions = {
  channel: SessionChannel
  destination: Destination
  /** The client gives up a session in which nothing comes for half a minute. */
  keepAlive: boolean
  /** The client ends each direction of a connection by itself. */
  halfClose: boolean
}

export class MultiplexedPort implements SessionKind {
  readonly #options: MultiplexedPortOptions
  readonly #channel: SessionChannel
  readonly #smux: Smux
  #end: (end: SessionEnd) => void = () => {}

  constructor(options: MultiplexedPortOptions) {
    const { channel } = options
    this.#options = options
    this.#channel = channel
    this.#smux = new Smux({
      role: 'server',
      write: (bytes) => channel.send(payloadType.output, bytes),
      hasRoom: () => channel.hasRoom,
      onStream: (stream) => void this.#serve(stream),
      onFull: () => channel.hold(),
      onDrained: () => channel.release(),
    })
  }

  run(): Promise<SessionEnd> {
    this.#channel.onRoom(() => this.#smux.flush())
    const timer = this.#options.keepAlive ? setInterval(() => this.#smux.keepAlive(), keepAliveMs) : undefined
    return new Promise((resolve) => {
      this.#end = (end) => {
        clearInterval(timer)
        this.#smux.destroy()
        resolve(end)
      }
    })
  }

  received({ payloadType: type, payload }: StreamMessage): void {
    if (type === payloadType.output) this.#carry(payload)
    else if (type === payloadType.flag && parseFlag(payload) === sessionFlag.terminateSession) this.#end(endedWell)
  }

  async stop(): Promise<void> {
    this.#end(endedWell)
  }

  #carry(bytes: Uint8Array): void {
    try {
      this.#smux.receive(bytes)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#end({ status: 'Failed', output: error.message })
    }
  }

  async #serve(stream: SmuxStream): Promise<void> {
    stream.pause()
    try {
      const { destination, halfClose } = this.#options
      joinConnection(stream, await call(destination), halfClose)
    } catch {
      this.#channel.send(payloadType.flag, formatFlag(sessionFlag.connectToPortError))
      stream.close()
    }
  }
}
