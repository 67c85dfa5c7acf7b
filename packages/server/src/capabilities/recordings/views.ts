/** Who was shown what somebody did. */
import type { Tx } from '#db/database.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { insertView } from './store.ts'
import type { ViewTable } from './tables.ts'

type Viewing = Pick<OpenCall, 'scope' | 'now' | 'principal' | 'ids' | 'sourceIp'>

export async function noteViews(
  tx: Tx,
  call: Viewing,
  sessionIds: Iterable<string>,
  kind: ViewTable['kind'],
): Promise<void> {
  const { scope, now, principal, ids, sourceIp } = call
  for (const session_id of sessionIds) {
    await insertView(tx, {
      id: ids.orderedUuid(),
      session_id,
      account: scope.account,
      region: scope.region,
      viewed_at: now.toISOString(),
      viewer_arn: principal.arn,
      kind,
      source_ip: sourceIp,
    })
  }
}
