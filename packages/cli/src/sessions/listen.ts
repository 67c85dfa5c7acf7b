import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Fault } from '#fault.ts'
import type { LocalEnd } from './forward-spec.ts'

/** The names of the machine itself are one address, lest half of the callers find nothing. */
const LOOPBACK = '127.0.0.1'

/** Listens; connections wait for `accept`. Throws Fault when the port is taken. */
export async function listen(local: LocalEnd, accept: (socket: Socket) => void): Promise<Server> {
  // Each direction of a connection ends by itself.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
  if ('socket' in local) server.listen(local.socket)
  else server.listen(local.port, local.address === 'localhost' ? LOOPBACK : local.address)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Fault(`${endText(local)} cannot be opened: ${(cause as Error).message}`, { cause })
  }
  return server
}

/** The port that was taken, or the path. */
export function boundTo(server: Server): string {
  const address = server.address() as AddressInfo | string
  return typeof address === 'string' ? address : String(address.port)
}

export function endText(local: LocalEnd): string {
  if ('socket' in local) return local.socket
  return `${local.address.includes(':') ? `[${local.address}]` : local.address}:${local.port}`
}
