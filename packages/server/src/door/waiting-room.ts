/**
 * Takes connections from the first moment of a start, long before the server is built, and lets them wait for it. Whoever comes just after
 * a restart is answered late instead of being refused: Amazon's agents give up a session after three seconds of refusals, but wait
 * fifteen for an answer (session-protocol, 2.3).
 */
import { createServer, type Server, type Socket } from 'node:net'
import type { Address } from '#kernel/config.ts'

/**
 * Connections that the system may hold for us until we take them; it allows no more than its own limit (net.core.somaxconn). A fleet
 * that comes back after a restart comes at once, and who finds no place asks again only after seconds, then after a minute.
 */
const BACKLOG = 65_535

export interface WaitingRoom {
  /** The server takes over the address, and who waits. To be called once. */
  admitTo(server: Server): Promise<void>
}

/** Resolves once connections are taken; port 0 picks a free one. */
export async function openWaitingRoom(address: Address): Promise<WaitingRoom> {
  const waiting: Socket[] = []
  const room = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {})
    waiting.push(socket)
  })
  await new Promise<void>((resolve, reject) => {
    room.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, address)))
    room.listen({ port: address.port, host: address.host, backlog: BACKLOG }, resolve)
  })
  return {
    async admitTo(server) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        // It shares the room's handle, and closes it in the end.
        server.listen(room, BACKLOG, resolve)
      })
      for (const socket of waiting) {
        if (socket.destroyed) continue
        server.emit('connection', socket)
        socket.resume()
      }
    },
  }
}

function explain(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE')
    return new Error(
      `${where} is already in use. Is another Steward running? STEWARD_HTTP and STEWARD_HTTPS choose other ports.`,
    )
  if (error.code === 'EACCES') return new Error(`This user may not listen on ${where}. Choose a port above 1023.`)
  if (error.code === 'EADDRNOTAVAIL')
    return new Error(`Cannot listen on ${where}: ${host} is no address of this machine.`)
  return new Error(`Cannot listen on ${where}.`, { cause: error })
}
