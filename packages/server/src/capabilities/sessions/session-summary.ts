import type { FleetSessionsSummary } from '@steward/model/generated/steward.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { SessionTables } from './tables.ts'

const SHOWN = 5

/** The sessions that are going on right now. */
export async function summarizeSessions(reader: Reader, { account, region }: Scope): Promise<FleetSessionsSummary> {
  const open = await tables<SessionTables>(reader)
    .selectFrom('session')
    .select(['id', 'node_id', 'owner_arn', 'status', 'started_at', 'document_name', 'approval'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .execute()
  const waiting = open.filter(({ approval }) => approval === 'Pending')
  return {
    Active: open.length - waiting.length,
    AwaitingApproval: waiting.length,
    Latest: open.slice(0, SHOWN).map((row) => ({
      SessionId: row.id,
      Target: row.node_id,
      Owner: row.owner_arn,
      Status: row.status,
      StartDate: new Date(row.started_at),
      DocumentName: row.document_name,
    })),
  }
}
