import type { Server } from 'node:net'
import type { SessionEnd } from '@steward/session-client'
import { Api } from '#api.ts'
import { type Connection, connection } from '#connection.ts'
import { EXIT, Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'
import type { ForwardSpec } from '#sessions/forward-spec.ts'
import { joinSession } from '#sessions/join-session.ts'
import { boundTo, endText, listen } from '#sessions/listen.ts'
import { startSession } from '#sessions/session-grant.ts'
import { Connections, throughPort } from '#sessions/through-port.ts'
import { whyEnded } from '#sessions/why-ended.ts'

/** Opens ports here that lead to the node or through it, until Ctrl-C or until one of the sessions behind them ends. */
export async function forward(
  io: Io,
  nodeName: string,
  specs: readonly ForwardSpec[],
  { reason }: { reason?: string },
): Promise<number> {
  const server = connection(io.env)
  const node = await findNode(new Api(server), nodeName)
  // All ports are taken before any session begins, so that none is begun for nothing.
  const ends = await Promise.all(specs.map((spec) => openEnd(spec)))
  const left = new AbortController()
  const stopListening = io.onInterrupt(() => left.abort())
  try {
    const carried = ends.map((end) => carry(io, server, { node, reason, end, signal: left.signal }))
    const end = await Promise.race(carried)
    if (end) throw new Fault(whyEnded(end))
    return EXIT.ok
  } finally {
    left.abort()
    stopListening()
    for (const { listener } of ends) listener.close()
  }
}

interface OpenEnd {
  readonly spec: ForwardSpec
  readonly listener: Server
  readonly connections: Connections
}

async function openEnd(spec: ForwardSpec): Promise<OpenEnd> {
  const connections = new Connections()
  return { spec, connections, listener: await listen(spec.local, (socket) => connections.accept(socket)) }
}

interface Carrying {
  readonly node: string
  readonly reason: string | undefined
  readonly end: OpenEnd
  readonly signal: AbortSignal
}

/** One session, for one port. Undefined when this side leaves it. */
async function carry(io: Io, server: Connection, carrying: Carrying): Promise<SessionEnd | undefined> {
  const { node, reason, signal, end } = carrying
  const { spec, connections, listener } = end
  const grant = await startSession(new Api(server), server.ca, { node, reason, ...documentFor(spec) })
  const far = `${spec.host === undefined ? '' : `${spec.host}, `}port ${spec.port}`
  return joinSession(
    io,
    grant,
    (client, session) => {
      const near = 'socket' in spec.local ? spec.local : { ...spec.local, port: Number(boundTo(listener)) }
      io.stdout.write(`${endText(near)} is ${far} of ${node}.\n`)
      return throughPort(client, session, connections, () =>
        io.stderr.write(`steward: ${node} could not connect to ${far}.\n`),
      )
    },
    { signal },
  )
}

function documentFor({ host, port }: ForwardSpec): { document: string; parameters: Record<string, string[]> } {
  const portNumber = [String(port)]
  if (host === undefined) return { document: 'AWS-StartPortForwardingSession', parameters: { portNumber } }
  return {
    document: 'AWS-StartPortForwardingSessionToRemoteHost',
    parameters: { portNumber, host: [host] },
  }
}
