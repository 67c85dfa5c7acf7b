import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { ago, table } from '#table.ts'

/** Lists the machines that asked to be enrolled with a key that needs approval, and are not yet. */
export async function nodeRequests(io: Io, { json = false }: { json?: boolean }): Promise<void> {
  const api = new Api(connection(io.env))
  const requests = await pages(
    (NextToken) => api.steward('ListEnrolmentRequests', { NextToken }),
    ({ EnrolmentRequests }) => EnrolmentRequests,
  )
  if (json) return void io.stdout.write(`${JSON.stringify(requests, null, 2)}\n`)
  if (requests.length === 0) return void io.stderr.write('No machine waits for approval.\n')
  const rows = requests.map(({ RequestId, State, ComputerName, SourceIp, FirstDate, ActivationId }) => [
    RequestId,
    State,
    ComputerName ?? '',
    SourceIp,
    ago(Date.now() - FirstDate * 1000),
    ActivationId,
  ])
  io.stdout.write(table(['REQUEST', 'STATE', 'MACHINE', 'FROM', 'SINCE', 'KEY'], rows))
}

/** Lets machines in that wait, or keeps them out. */
export async function decideRequests(io: Io, ids: readonly string[], decision: 'Approve' | 'Refuse'): Promise<void> {
  const api = new Api(connection(io.env))
  for (const RequestId of ids) {
    await api.steward('DecideEnrolmentRequest', { RequestId, Decision: decision })
    const then = decision === 'Approve' ? 'approved; it is enrolled when it registers again' : 'refused'
    io.stdout.write(`${RequestId} is ${then}.\n`)
  }
}
