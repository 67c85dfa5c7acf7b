/**
 * Keeps the schedule: an association whose next time has come gets an execution, and the time after that as its next. Both happen in one
 * transaction, guarded by the time that was served (no execution of an association can serve the same time twice), so each due run
 * happens exactly once, also if the server is killed in between or two of them run. Times that were missed, because nobody was here or
 * the clock jumped ahead, are made up for by one run. If the clock goes back, times that were served are not served again; but a next
 * time that lies too far ahead, from a clock that was wrong, is corrected (`reviewSchedules`).
 */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { inTask } from './acting.ts'
import { definitionOf } from './association.ts'
import { nextDue } from './schedule.ts'
import { startExecution } from './start-execution.ts'
import { updateAssociation } from './store.ts'
import type { AssociationTable, AssociationTables } from './tables.ts'

const AT_ONCE = 100
/** No run waits for its turn longer, nor is handed out for longer. */
const LONGEST_WAIT_MS = 15 * 60_000

export const startDueRuns = task({
  name: 'associations.start-due-runs',
  everyMs: 1_000,
  async run(context) {
    const now = context.now()
    const due = await context.read((reader) =>
      tables<AssociationTables>(reader)
        .selectFrom('association')
        .selectAll()
        .where('next_run', '<=', now.toISOString())
        .orderBy('next_run')
        .limit(AT_ONCE)
        .execute(),
    )
    for (const association of due) await context.write((tx) => serve(association, now, context, tx))
    if (due.length === AT_ONCE) context.wake(startDueRuns)
    return { started: due.length }
  },
})

async function serve(association: AssociationTable, now: Date, context: TaskContext, tx: Tx): Promise<void> {
  const { numUpdatedRows } = await tables<AssociationTables>(tx)
    .updateTable('association')
    .set({ next_run: await nextUnserved(tx, association, now) })
    .where('id', '=', association.id)
    // It may have been changed or served in the meantime.
    .where('version', '=', association.version)
    .where('next_run', '=', association.next_run)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return
  await startExecution(inTask(context, tx), association, { cause: 'Scheduled', dueAt: association.next_run! })
}

/** The first time due after now that no execution has served; null if there is none any more. */
export async function nextUnserved(tx: Tx, association: AssociationTable, now: Date): Promise<string | null> {
  const served = await servedAfter(tx, association.id, now)
  const definition = definitionOf(association)
  const anchor = new Date(association.updated_at)
  let next = nextDue(definition, anchor, now)
  while (next && (served.has(next.toISOString()) || next.toISOString() === association.next_run))
    next = nextDue(definition, anchor, next)
  return next?.toISOString() ?? null
}

/** None unless the clock went back. */
async function servedAfter(tx: Tx, id: string, now: Date): Promise<Set<string | null>> {
  const rows = await tables<AssociationTables>(tx)
    .selectFrom('association_execution')
    .select('due_at')
    .where('association_id', '=', id)
    .where('due_at', '>', now.toISOString())
    .execute()
  return new Set(rows.map(({ due_at }) => due_at))
}

/** Moves what a wrong clock left too far ahead back to where it belongs: next times, and runs that wait or are handed out. */
export const reviewSchedules = task({
  name: 'associations.review-schedules',
  everyMs: 60_000,
  async run(context) {
    const now = context.now()
    const scheduled = await context.read((reader) =>
      tables<AssociationTables>(reader)
        .selectFrom('association')
        .selectAll()
        .where('next_run', '>', now.toISOString())
        .execute(),
    )
    let moved = 0
    for (const association of scheduled) {
      const next = nextDue(definitionOf(association), new Date(association.updated_at), now)
      if (next && next.toISOString() < association.next_run!)
        moved += await context.write((tx) => moveBack(association, now, tx))
    }
    return { moved, runs: await context.write((tx) => lookAgain(tx, now)) }
  },
})

async function lookAgain(tx: Tx, now: Date): Promise<number> {
  const { numUpdatedRows } = await tables<AssociationTables>(tx)
    .updateTable('association_run')
    .set({ due_at: now.toISOString() })
    .where('open', '=', 1)
    .where('stage', 'in', ['waiting', 'handed'])
    .where('due_at', '>', new Date(now.getTime() + LONGEST_WAIT_MS).toISOString())
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

async function moveBack(association: AssociationTable, now: Date, tx: Tx): Promise<number> {
  const next = await nextUnserved(tx, { ...association, next_run: null }, now)
  if (next === null || next >= association.next_run!) return 0
  await updateAssociation(tx, association, { next_run: next })
  return 1
}
