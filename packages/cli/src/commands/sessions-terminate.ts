import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'

/** Ends sessions, with all that runs in them. */
export async function sessionsTerminate(io: Io, ids: readonly string[]): Promise<void> {
  const api = new Api(connection(io.env))
  for (const SessionId of ids) {
    await api.ssm('TerminateSession', { SessionId })
    io.stderr.write(`${SessionId} is being ended.\n`)
  }
}
