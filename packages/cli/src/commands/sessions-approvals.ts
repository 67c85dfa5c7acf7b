import type { steward } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { ago, table } from '#table.ts'

type Approval = Wire<steward.SessionApproval>

/** Lists the sessions that wait for a second person; with `all`, also those that no longer do. */
export async function sessionsApprovals(io: Io, options: { all?: boolean; json?: boolean }): Promise<void> {
  const api = new Api(connection(io.env))
  const State = options.all ? {} : { State: 'Pending' as const }
  const approvals = await pages(
    (NextToken) => api.steward('ListSessionApprovals', { NextToken, ...State }),
    ({ Approvals }) => Approvals,
  )
  if (options.json) io.stdout.write(`${JSON.stringify(approvals, null, 2)}\n`)
  else if (approvals.length === 0) io.stderr.write('No session waits for approval.\n')
  else io.stdout.write(approvalTable(approvals, Date.now()))
}

/** Lets sessions begin, or refuses them. */
export async function decideOnSessions(
  io: Io,
  decision: 'ApproveSession' | 'RejectSession',
  ids: readonly string[],
  { comment }: { comment?: string },
): Promise<void> {
  const api = new Api(connection(io.env))
  for (const SessionId of ids) {
    const input = { SessionId, ...(comment === undefined ? {} : { Comment: comment }) }
    const { Approval } = await api.steward(decision, input)
    io.stderr.write(`${SessionId}: ${Approval?.State ?? ''}\n`)
  }
}

function approvalTable(approvals: readonly Approval[], now: number): string {
  const rows = approvals.map((approval) => [
    approval.SessionId,
    approval.State,
    ago(now - approval.RequestedAt * 1000),
    approval.Owner.split(/[/:]/).at(-1)!,
    approval.Target,
    approval.DocumentName,
    approval.Reason ?? '',
  ])
  return table(['ID', 'STATE', 'ASKED', 'OWNER', 'NODE', 'DOCUMENT', 'REASON'], rows)
}
