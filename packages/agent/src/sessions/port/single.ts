/*
 * A port session that carries one connection at a time: what the SSH document asks for, where the end of the connection ends
 * the session, and what old clients do, where the next connection is made when the client sends again.
 */
import type { Socket } from 'node:net'
import { formatFlag, parseFlag, payloadType, sessionFlag } from '@steward/protocol/session/index.ts'
import { call, type Destination, unreachable } from '#sessions/port/destination.ts'
import type { SessionChannel, StreamMessage } from '#sessions/session-channel.ts'
import { endedWell, type SessionEnd, type SessionKind } from '#sessions/session-kind.ts'

export class SinglePort implements SessionKind {
  readonly #channel: SessionChannel
  readonly #destination: Destination
  readonly #reconnects: boolean
  #socket: Socket | undefined
  #end: (end: SessionEnd) => void = () => {}

  /** `reconnects`: the client takes further connections after the first. */
  constructor(channel: SessionChannel, destination: Destination, reconnects: boolean) {
    this.#channel = channel
    this.#destination = destination
    this.#reconnects = reconnects
  }

  async run(): Promise<SessionEnd> {
    const ended = new Promise<SessionEnd>((resolve) => {
      this.#end = resolve
    })
    this.#channel.onRoom(() => this.#socket?.resume())
    this.#channel.hold()
    try {
      this.#use(await call(this.#destination))
    } catch (error) {
      throw unreachable(this.#destination, error)
    }
    return ended
  }

  received({ payloadType: type, payload }: StreamMessage): void {
    if (type === payloadType.flag) this.#flagged(parseFlag(payload))
    else if (type === payloadType.output) this.#write(payload)
  }

  async stop(): Promise<void> {
    this.#end(endedWell)
    this.#socket?.destroy()
  }

  #flagged(flag: number): void {
    if (flag === sessionFlag.terminateSession) void this.stop()
    else if (flag === sessionFlag.disconnectToPort) {
      this.#socket?.destroy()
      this.#socket = undefined
    }
  }

  #write(bytes: Uint8Array): void {
    if (!this.#socket) return void this.#connectAgain(bytes)
    if (this.#socket.write(bytes)) return
    this.#channel.hold()
    this.#socket.once('drain', () => this.#channel.release())
    this.#socket.once('close', () => this.#channel.release())
  }

  async #connectAgain(bytes: Uint8Array): Promise<void> {
    this.#channel.hold()
    try {
      this.#use(await call(this.#destination))
      this.#write(bytes)
    } catch {
      this.#channel.send(payloadType.flag, formatFlag(sessionFlag.connectToPortError))
      this.#channel.release()
    }
  }

  #use(socket: Socket): void {
    this.#socket = socket
    socket.on('data', (data) => {
      if (this.#socket !== socket) return
      this.#channel.send(payloadType.output, data)
      if (!this.#channel.hasRoom) socket.pause()
    })
    socket.on('end', () => socket.end())
    socket.on('error', () => {})
    socket.on('close', () => this.#closed(socket))
    this.#channel.release()
  }

  #closed(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    // No client of this kind understands that a connection ended here; it ends it, sooner or later, itself.
    if (!this.#reconnects) this.#end(endedWell)
  }
}
