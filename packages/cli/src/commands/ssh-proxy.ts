import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'
import { joinSession } from '#sessions/join-session.ts'
import { startSession } from '#sessions/session-grant.ts'
import { throughStandardStreams } from '#sessions/through-port.ts'
import { exitCodeOf } from './shell.ts'

/** Carries one connection to an SSH server of a node over standard input and output. */
export async function sshProxy(io: Io, node: string, port: number): Promise<number> {
  const { ca, ...rest } = connection(io.env)
  const api = new Api({ ca, ...rest })
  const grant = await startSession(api, ca, {
    node: await findNode(api, node),
    document: 'AWS-StartSSHSession',
    parameters: { portNumber: [String(port)] },
  })
  return exitCodeOf(
    await joinSession(io, grant, (client, _session, leave) => throughStandardStreams(client, io, leave)),
  )
}
