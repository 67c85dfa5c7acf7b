import { emitEvent } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import type { Tx } from '#db/database.ts'
import { randomIds } from '#kernel/ids.ts'
import { sessionArn } from './session.ts'
import type { SessionRow } from './tables.ts'

/** Tells, as an event, that a session showed what its document forbids (SM-22). The line itself is not told: it may hold a secret. */
export function tellOfForbidden(
  tx: Tx,
  session: SessionRow,
  { pattern, at }: { readonly pattern: string; readonly at: Date },
): Promise<void> {
  return emitEvent(tx, session, at, randomIds, {
    source: 'steward',
    detailType: 'Session Forbidden Pattern',
    resources: [sessionArn(session, session.id), nodeArn(session, session.node_id)],
    detail: {
      'session-id': session.id,
      target: session.node_id,
      owner: session.owner_arn,
      'document-name': session.document_name,
      pattern,
    },
  })
}
