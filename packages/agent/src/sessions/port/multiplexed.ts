/*
 * A port session that carries any number of connections: each stream of the client becomes one connection to the destination.
 * Either end of either direction is passed on; a connection that cannot be made closes its stream, and the client is told.
 */
import type { Socket } from 'node:net'
import { ProtocolError } from '@steward/protocol'
import {
  formatFlag,
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

export class MultiplexedPort implements SessionKind {
  readonly #channel: SessionChannel
  readonly #destination: Destination
  readonly #keepAlive: boolean
  readonly #smux: Smux
  #end: (end: SessionEnd) => void = () => {}

  /** `keepAlive`: the client gives up a session in which nothing comes for half a minute. */
  constructor(channel: SessionChannel, destination: Destination, keepAlive: boolean) {
    this.#channel = channel
    this.#destination = destination
    this.#keepAlive = keepAlive
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
    const timer = this.#keepAlive ? setInterval(() => this.#smux.keepAlive(), keepAliveMs) : undefined
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
      join(stream, await call(this.#destination))
    } catch {
      this.#channel.send(payloadType.flag, formatFlag(sessionFlag.connectToPortError))
      stream.close()
    }
  }
}

function join(stream: SmuxStream, socket: Socket): void {
  stream.onData = (data) => {
    if (!socket.write(data)) stream.pause()
  }
  stream.onEnd = () => socket.end()
  stream.onDrain = () => socket.resume()
  stream.onClose = () => socket.destroySoon()
  socket.on('drain', () => stream.resume())
  socket.on('data', (data: Buffer) => {
    if (!stream.write(data)) socket.pause()
  })
  socket.on('end', () => stream.end())
  socket.on('error', () => stream.close())
  socket.on('close', () => stream.close())
  stream.resume()
}
