/*
 * What becomes of connections at the local end of a port session. Agents since 3.0.196 carry many at a time, each in a stream of its
 * own; older ones carry one after the other, and are told when one is over; SSH has a single one, over standard input and output.
 */
import type { Socket } from 'node:net'
import { joinConnection, sessionFeature, sessionFlag } from '@steward/protocol/session/index.ts'
import type { SessionClient, StartedSession } from '@steward/session-client'
import type { Io } from '#io.ts'
import { shownOn } from './in-terminal.ts'
import type { Leave, SessionUse } from './join-session.ts'

/** Takes connections, from now or from when the session has begun. */
export class Connections {
  #take: ((socket: Socket) => void) | undefined
  readonly #waiting: Socket[] = []

  accept(socket: Socket): void {
    // Broken connections close, and that is all there is to know.
    socket.on('error', () => {})
    if (this.#take) this.#take(socket)
    else this.#waiting.push(socket)
  }

  give(take: (socket: Socket) => void): void {
    this.#take = take
    for (const socket of this.#waiting.splice(0)) take(socket)
  }
}

/** Carries connections over a session; `refused` hears that the far end took none. */
export function throughPort(
  client: SessionClient,
  { portMode, features }: StartedSession,
  connections: Connections,
  refused: () => void,
): SessionUse {
  if (portMode !== 'multiplexed') return oneByOne(client, connections, refused)
  const streams = client.multiplex()
  const halfClose = features.includes(sessionFeature.halfClose)
  connections.give((socket) => joinConnection(streams.open(), socket, halfClose))
  return {
    flagged(flag) {
      if (flag === sessionFlag.connectToPortError) refused()
    },
  }
}

function oneByOne(client: SessionClient, connections: Connections, refused: () => void): SessionUse {
  const waiting: Socket[] = []
  let current: Socket | undefined
  const next = () => {
    current = waiting.shift()
    if (!current) return
    const socket = current
    socket.on('data', (data: Buffer) => {
      client.input(data)
      if (!client.hasRoom) socket.pause()
    })
    socket.once('end', () => socket.end())
    socket.on('drain', () => client.resume())
    socket.once('close', () => {
      client.flag(sessionFlag.disconnectToPort)
      client.resume()
      next()
    })
  }
  connections.give((socket) => {
    waiting.push(socket)
    if (!current) next()
  })
  return {
    output(bytes) {
      if (current?.write(bytes) === false) client.pause()
    },
    room: () => void current?.resume(),
    flagged(flag) {
      if (flag !== sessionFlag.connectToPortError) return
      current?.destroy()
      refused()
    },
  }
}

/** The one connection of SSH, which is over when standard input is. */
export function throughStandardStreams(client: SessionClient, io: Io, leave: Leave): SessionUse {
  const send = (bytes: Uint8Array) => {
    client.input(bytes)
    if (!client.hasRoom) io.stdin.pause()
  }
  const end = () => leave()
  io.stdin.on('data', send)
  io.stdin.on('end', end)
  return {
    ...shownOn(client, () => io.stdout),
    room: () => void io.stdin.resume(),
    stop() {
      io.stdin.off('data', send)
      io.stdin.off('end', end)
      io.stdin.pause()
    },
  }
}
