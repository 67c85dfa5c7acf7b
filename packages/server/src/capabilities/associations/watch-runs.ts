/** Takes back what nodes were handed and say nothing of, gives up runs that never end, and ends those whose time is up (STM-07). */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { type Acting, inTask } from './acting.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import { finishRun, type Outcome } from './finish-run.ts'
import { Progress } from './progress.ts'
import { writeRun } from './run-store.ts'
import { associationsById } from './store.ts'
import type { AssociationTables, ExecutionTable, RunTable } from './tables.ts'
import { skipWaiting } from './take-report.ts'

const AT_ONCE = 500

const STUCK: Outcome = {
  status: 'TimedOut',
  detailedStatus: 'TimedOut',
  errorCode: 'StuckAtInProgress',
  summary: 'The node began this run and said nothing more of it.',
}
const TOO_LATE: Outcome = {
  status: 'Skipped',
  detailedStatus: 'DurationExceeded',
  summary: 'The node did not begin within the Duration of the association.',
}

const NOT_HEARD_TO_STOP: Outcome = {
  status: 'TimedOut',
  detailedStatus: 'DurationExceeded',
  summary: 'The Duration of the association ended while this ran, and the node has not said that it stopped.',
}

export const watchRuns = task({
  name: 'associations.watch-runs',
  everyMs: 5_000,
  async run(context) {
    const overdue = await context.read((reader) =>
      tables<AssociationTables>(reader)
        .selectFrom('association_run')
        .selectAll()
        .where('open', '=', 1)
        .where('stage', 'in', ['handed', 'running', 'stopping'])
        .where('due_at', '<=', context.now().toISOString())
        .limit(AT_ONCE)
        .execute(),
    )
    for (const run of overdue) await context.write((tx) => act(inTask(context, tx), run))
    const over = await endDurations(context)
    if (overdue.length > 0) context.wake(dispatchRuns)
    return { overdue: overdue.length, over }
  },
})

async function act(acting: Acting, { execution_id, node_id, due_at, stage }: RunTable): Promise<void> {
  const run = await tables<AssociationTables>(acting.db)
    .selectFrom('association_run')
    .selectAll()
    .where('execution_id', '=', execution_id)
    .where('node_id', '=', node_id)
    .where('stage', '=', stage)
    .where('due_at', '=', due_at)
    .executeTakeFirst()
  if (!run) return
  const progress = await Progress.of(acting, execution_id)
  const association = (await associationsById(acting.db, [run.association_id])).get(run.association_id)!
  if (stage === 'handed') {
    progress.takenBack()
    await writeRun(acting.db, run, { stage: 'waiting', summons: 'none', due_at: acting.now.toISOString() })
  } else await finishRun(acting, association, run, stage === 'running' ? STUCK : unheard(run), progress)
  await progress.save({ ran: false })
}

function unheard({ status }: RunTable): Outcome {
  return status === 'Pending' ? TOO_LATE : NOT_HEARD_TO_STOP
}

/** Of the executions whose time is up nothing begins any more, and the nodes on which it runs are told to stop it. */
async function endDurations(context: TaskContext): Promise<number> {
  const now = context.now().toISOString()
  const over = await context.read((reader) =>
    tables<AssociationTables>(reader)
      .selectFrom('association_execution as e')
      .selectAll()
      .where('e.ended_at', 'is', null)
      .where('e.start_until', '<=', now)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('association_run as r')
            .select('r.node_id')
            .whereRef('r.execution_id', '=', 'e.id')
            .where('r.stage', 'in', ['waiting', 'handed', 'running']),
        ),
      )
      .limit(AT_ONCE)
      .execute(),
  )
  for (const execution of over) {
    const stopping = await context.write((tx) => endDuration(inTask(context, tx), execution))
    context.wakeNodes(execution, stopping)
  }
  return over.length
}

/** The nodes that are to stop. */
async function endDuration(acting: Acting, { id, association_id }: ExecutionTable): Promise<string[]> {
  const association = (await associationsById(acting.db, [association_id])).get(association_id)
  if (!association) return []
  await skipWaiting(acting, association, id, TOO_LATE)
  const stopping = await tables<AssociationTables>(acting.db)
    .updateTable('association_run')
    .set({ stage: 'stopping', summons: 'due' })
    .where('execution_id', '=', id)
    .where('stage', 'in', ['handed', 'running'])
    .returning('node_id')
    .execute()
  return stopping.map(({ node_id }) => node_id)
}

/** Deletes executions that ended long ago. */
export const forgetOldExecutions = task({
  name: 'associations.forget-old-executions',
  everyMs: 10 * 60_000,
  async run(context) {
    // Nothing is deleted on the word of a clock that has just jumped.
    if (!context.clockIsSteady()) return { forgotten: 0 }
    const before = new Date(context.now().getTime() - context.retention.commandDays * 86_400_000).toISOString()
    const forgotten = await context.write((tx) => forget(tx, before))
    if (forgotten === AT_ONCE) context.wake(forgetOldExecutions)
    return { forgotten }
  },
})

async function forget(tx: Tx, before: string): Promise<number> {
  const db = tables<AssociationTables>(tx)
  const old = await db
    .selectFrom('association_execution')
    .select('id')
    .where('ended_at', '<', before)
    .limit(AT_ONCE)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map(({ id }) => id)
  await db.deleteFrom('association_run').where('execution_id', 'in', ids).execute()
  await db.deleteFrom('association_execution').where('id', 'in', ids).execute()
  return ids.length
}
