/** What happens to sessions because time passes: nodes that do not answer, approvals that nobody gives, history that is old enough. */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { beginEnd } from './end-session.ts'
import { sessionById, updateSession } from './store.ts'
import type { SessionRow, SessionTables } from './tables.ts'
import { forgetTokens } from './tokens.ts'

const BATCH = 500
const DAY_MS = 86_400_000
/** A node that was away for so long has ended its sessions by itself. */
const END_REPEATED_MS = DAY_MS

const NO_ANSWER = 'The node did not answer in time. Look at the log of its agent.'
const NOT_APPROVED = 'Nobody approved the session in time.'

export const watchSessions = task({
  name: 'sessions.watch',
  everyMs: 1_000,
  async run(context) {
    const overdue = await endOverdue(context)
    const repeated = await repeatJobs(context)
    return { overdue, repeated }
  },
})

async function endOverdue(context: TaskContext): Promise<number> {
  const now = context.now()
  const due = await context.read((reader) =>
    tables<SessionTables>(reader)
      .selectFrom('session')
      .select('id')
      .where('deadline', '<=', now.toISOString())
      .limit(BATCH)
      .execute(),
  )
  for (const { id } of due) {
    const ended = await context.write((tx) => endIfOverdue(tx, id, now))
    if (!ended) continue
    context.endSession(id, ended.output)
    context.wakeNodes({ account: ended.session.account, region: ended.session.region }, [ended.session.node_id])
  }
  return due.length
}

async function endIfOverdue(
  tx: Tx,
  id: string,
  now: Date,
): Promise<{ session: SessionRow; output: string } | undefined> {
  const session = await sessionById(tx, id)
  if (!session?.deadline || session.deadline > now.toISOString()) return undefined
  if (session.status === 'Terminating') {
    await updateSession(tx, id, { status: 'Terminated', ended_at: now.toISOString(), deadline: null, job_due: null })
    return { session, output: session.details ?? '' }
  }
  const output = session.approval === 'Pending' ? NOT_APPROVED : NO_ANSWER
  await beginEnd(tx, session, { output, failed: true, now })
  return { session, output }
}

/** Makes the nodes ask again that have not taken what they were sent. */
async function repeatJobs({ read, now, wakeNodes }: TaskContext): Promise<number> {
  const due = await read((reader) =>
    tables<SessionTables>(reader)
      .selectFrom('session')
      .select(['node_id', 'account', 'region'])
      .where('job', 'is not', null)
      .where('job_due', '<=', now().toISOString())
      .limit(BATCH)
      .execute(),
  )
  for (const { node_id, account, region } of due) wakeNodes({ account, region }, [node_id])
  return due.length
}

/** Removes sessions that ended longer ago than they are kept (SM-10), tokens that nobody used, and ends that nobody waits for. */
export const forgetOldSessions = task({
  name: 'sessions.forget-old',
  everyMs: 600_000,
  async run({ write, now, clockIsSteady, retention }) {
    const at = now()
    const steady = clockIsSteady()
    const before = (milliseconds: number) => new Date(at.getTime() - milliseconds).toISOString()
    return write(async (tx) => {
      const db = tables<SessionTables>(tx)
      await db
        .updateTable('session')
        .set({ job: null })
        .where('job', '=', 'end')
        .where('ended_at', '<', before(END_REPEATED_MS))
        .execute()
      const tokens = await forgetTokens(tx, at)
      if (!steady) return { forgotten: 0, tokens }
      const { numDeletedRows } = await db
        .deleteFrom('session')
        .where('ended_at', '<', before(retention.sessionDays * DAY_MS))
        .executeTakeFirstOrThrow()
      return { forgotten: Number(numDeletedRows), tokens }
    })
  },
})
