import type { AuditEffect } from '@steward/model/generated/steward.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { findSession } from './store.ts'

/** What became of a session, for those who follow how it came about. Undefined if it is forgotten. */
export async function sessionInBrief(reader: Reader, scope: Scope, id: string): Promise<AuditEffect | undefined> {
  const session = await findSession(reader, scope, id)
  if (!session) return undefined
  const times = {
    StartDate: new Date(session.started_at),
    EndDate: session.ended_at === null ? undefined : new Date(session.ended_at),
  }
  return {
    Type: 'Session',
    Id: id,
    Name: session.document_name,
    Status: session.status,
    ...times,
    NodeCount: 1,
    Nodes: [{ InstanceId: session.node_id, Status: session.status, ...times }],
  }
}
