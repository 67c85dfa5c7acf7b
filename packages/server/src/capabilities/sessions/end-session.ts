import type { Tx } from '#db/database.ts'
import { detailsOf } from './session.ts'
import { updateSession } from './store.ts'
import type { SessionRow } from './tables.ts'

/** How long a node has to say that a session is complete there. */
export const COMPLETION_MS = 30_000

/** A session that is to end: its node is told, again and again, and says when it is done. `failed`: it counts as ended at once. */
export async function beginEnd(
  tx: Tx,
  { id, approval }: Pick<SessionRow, 'id' | 'approval'>,
  { output, failed, now }: { readonly output: string; readonly failed: boolean; readonly now: Date },
): Promise<void> {
  await updateSession(tx, id, {
    ...(failed
      ? { status: 'Failed', ended_at: now.toISOString(), deadline: null }
      : { status: 'Terminating', deadline: completionBy(now) }),
    details: detailsOf(output),
    job: 'end',
    job_due: now.toISOString(),
    start_payload: null,
    // What waited for an approval does not any more.
    ...(approval === 'Pending' && { approval: 'Expired' }),
  })
}

export function completionBy(now: Date): string {
  return new Date(now.getTime() + COMPLETION_MS).toISOString()
}
