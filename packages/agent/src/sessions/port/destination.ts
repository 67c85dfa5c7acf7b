/*
 * Where a port session leads. A name is looked up once more for each connection, every address is checked, and the checked
 * address is the one that is called: a name that changes its address in between gains nothing.
 */
import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import type { JsonObject } from '@steward/protocol'
import { sentenceOf } from '#log.ts'
import { isForbidden } from '#sessions/port/forbidden-addresses.ts'
import { SessionError } from '#sessions/session-error.ts'

const connectTimeoutMs = 20_000

/** `host` is empty for this node itself. */
export type Destination = { host: string; port: number }

/** The destination in a document's properties. Throws SessionError when it is none. */
export function destinationOf(properties: JsonObject): Destination {
  const port = Number(properties.portNumber ?? '')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SessionError(`Port number "${properties.portNumber ?? ''}" of the session document is not valid.`)
  }
  return { host: typeof properties.host === 'string' ? properties.host.trim() : '', port }
}

/** Throws SessionError when sessions may not lead there. A name that is unknown by now may become known. */
export async function checkDestination(destination: Destination): Promise<void> {
  await addressesOf(destination).catch((error: unknown) => {
    if (error instanceof SessionError) throw error
  })
}

/** Calls a destination: the first of its addresses that answers. */
export async function call(destination: Destination): Promise<Socket> {
  let failure: unknown
  for (const address of await addressesOf(destination)) {
    try {
      return await connected(address, destination.port)
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}

async function addressesOf({ host }: Destination): Promise<string[]> {
  if (host === '') return ['127.0.0.1', '::1']
  const addresses = (await lookup(host, { all: true })).map(({ address }) => address)
  if (addresses.some(isForbidden)) throw new SessionError(`Forwarding to IP address ${host} is forbidden.`)
  return addresses
}

function connected(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true })
    const timer = setTimeout(() => socket.destroy(new Error(`${host} did not answer`)), connectTimeoutMs)
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

/** Why a destination could not be called, for the user. */
export function unreachable({ host, port }: Destination, error: unknown): SessionError {
  return new SessionError(`Unable to connect to ${host || 'localhost'}:${port}: ${sentenceOf(error)}`)
}
