/**
 * Tells nodes that something waits for them. Handing out itself happens when the node asks (hand-out.ts), so nothing is lost if a
 * telling is: runs that nobody took are looked at again after a while, and a node that connects is told at once.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { inTask } from './acting.ts'
import { Progress } from './progress.ts'
import type { AssociationTables, RunTable } from './tables.ts'

const EVERY_MS = 1_000
const AT_ONCE = 1_000
/** A node that is there is told again if it was not reached. */
const AGAIN_MS = 10_000
/** One that is away is told when it connects; this is for the case that nobody noticed. */
const AWAY_MS = 60_000

export const dispatchRuns = task({
  name: 'associations.dispatch',
  everyMs: EVERY_MS,
  async run(context) {
    const due = await context.read((reader) => dueRuns(reader, context.now().toISOString()))
    if (due.length === 0) return { told: 0 }
    const told = await context.write((tx) => summon(due, context, tx))
    for (const [, runs] of Map.groupBy(told, ({ account, region }) => `${account} ${region}`)) {
      context.wakeNodes(
        runs[0]!,
        runs.map(({ node_id }) => node_id),
      )
    }
    if (due.length === AT_ONCE) context.wake(dispatchRuns)
    return { told: told.length }
  },
})

function dueRuns(reader: Reader, now: string): Promise<RunTable[]> {
  return tables<AssociationTables>(reader)
    .selectFrom('association_run')
    .selectAll()
    .where('open', '=', 1)
    .where('stage', '=', 'waiting')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(AT_ONCE)
    .execute()
}

/** Marks those whose turn it is; answers the runs of nodes that are there. */
async function summon(due: readonly RunTable[], context: TaskContext, tx: Tx): Promise<RunTable[]> {
  const told: RunTable[] = []
  for (const [executionId, runs] of Map.groupBy(due, ({ execution_id }) => execution_id)) {
    const { room } = await Progress.of(inTask(context, tx), executionId)
    const [here, away] = partition(runs, (run) => context.live.isConnected(run, run.node_id))
    await mark(tx, here.slice(0, room), 'due', AGAIN_MS, context)
    await mark(tx, here.slice(room), 'held', AGAIN_MS, context)
    await mark(tx, away, 'due', AWAY_MS, context)
    told.push(...here.slice(0, room))
  }
  return told
}

async function mark(
  tx: Tx,
  runs: readonly RunTable[],
  summons: RunTable['summons'],
  againMs: number,
  context: TaskContext,
): Promise<void> {
  if (runs.length === 0) return
  await tables<AssociationTables>(tx)
    .updateTable('association_run')
    .set({ summons, due_at: new Date(context.now().getTime() + againMs).toISOString() })
    .where('execution_id', '=', runs[0]!.execution_id)
    .where('stage', '=', 'waiting')
    .where(
      'node_id',
      'in',
      runs.map(({ node_id }) => node_id),
    )
    .execute()
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(items, isFirst)
  return [groups.get(true) ?? [], groups.get(false) ?? []]
}
