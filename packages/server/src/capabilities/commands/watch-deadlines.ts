/**
 * Everything about commands that happens because time passes: commands whose time is over, jobs that no node acknowledged,
 * cancellations that nobody confirmed, and the history that is old enough to go.
 */
import { tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { Progress } from './progress.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

const BATCH = 500
const DAY_MS = 86_400_000

export const watchDeadlines = task({
  name: 'commands.watch-deadlines',
  everyMs: 1_000,
  async run(context) {
    const expired = await expireCommands(context)
    const returned = await returnLostJobs(context)
    const cancelled = await confirmSilentCancellations(context)
    if (returned > 0) context.wake(dispatchCommands)
    return { expired, returned, cancelled }
  },
})

/** Commands past `ExpiresAfter`: what did not end by then counts as not delivered (RC-10). */
async function expireCommands({ read, write, now }: TaskContext): Promise<number> {
  const at = now()
  const due = await read((reader) =>
    tables<CommandTables>(reader)
      .selectFrom('command')
      .select('id')
      .where('ended_at', 'is', null)
      .where('expires_at', '<=', at.toISOString())
      .limit(BATCH)
      .execute(),
  )
  for (const { id } of due) {
    await write(async (tx) => {
      const progress = await Progress.of(tx, id, at)
      if (!progress || progress.command.ended_at) return
      // Targets that nobody looked up in all that time: nothing was sent anywhere.
      if (progress.command.resolved === 0) progress.resolved(0, { concurrency: 1, errors: 0 })
      await progress.expire()
      await progress.save()
    })
  }
  return due.length
}

/** Jobs whose lease ended without an acknowledgement: handed out again if the node is there, else its place is given free. */
async function returnLostJobs({ read, write, now, live, wakeNodes }: TaskContext): Promise<number> {
  const at = now()
  const lost = await read((reader) =>
    tables<CommandTables>(reader)
      .selectFrom('command_invocation')
      .select(['command_id', 'node_id', 'account', 'region', 'stage', 'status_details'])
      .where('stage', '=', 'sent')
      .where('lease_until', '<=', at.toISOString())
      .limit(BATCH)
      .execute(),
  )
  const isThere = (row: (typeof lost)[number]) => live.isConnected(row, row.node_id)
  for (const row of lost.filter(isThere)) wakeNodes({ account: row.account, region: row.region }, [row.node_id])
  const away = Map.groupBy(
    lost.filter((row) => !isThere(row)),
    ({ command_id }) => command_id,
  )
  for (const [commandId, rows] of away) {
    await write(async (tx) => {
      const progress = await Progress.of(tx, commandId, at)
      if (!progress) return
      for (const { node_id } of rows) {
        const current = await stateOf(tx, commandId, node_id)
        // It may have been acknowledged in the meantime.
        if (current?.stage === 'sent') await progress.returned(current, null)
      }
      await progress.save()
    })
  }
  return lost.length
}

async function confirmSilentCancellations({ read, write, now, wakeNodes }: TaskContext): Promise<number> {
  const at = now()
  const due = await read((reader) =>
    tables<CommandTables>(reader)
      .selectFrom('command_invocation')
      .select(['command_id', 'node_id', 'account', 'region'])
      .where('cancel_due', 'is not', null)
      .where('cancel_due', '<=', at.toISOString())
      .limit(BATCH)
      .execute(),
  )
  for (const { command_id, node_id, account, region } of due) {
    await write((tx) => confirmOrRepeat(tx, command_id, node_id, at))
    wakeNodes({ account, region }, [node_id])
  }
  return due.length
}

/** The node took the cancellation and said nothing since: it is cancelled. It did not take it: it is told again. */
async function confirmOrRepeat(
  tx: Parameters<typeof stateOf>[0],
  commandId: string,
  nodeId: string,
  at: Date,
): Promise<void> {
  const current = await stateOf(tx, commandId, nodeId)
  if (!current) return
  const set = (change: Partial<InvocationRow>) =>
    tables<CommandTables>(tx)
      .updateTable('command_invocation')
      .set(change)
      .where('command_id', '=', commandId)
      .where('node_id', '=', nodeId)
      .execute()
  if (current.cancel_stage === 'sent') {
    await set({ cancel_stage: 'wanted', cancel_due: null })
    return
  }
  const progress = await Progress.of(tx, commandId, at)
  if (current.status_details !== 'Cancelling' || !progress) {
    await set({ cancel_due: null })
    return
  }
  await progress.ended(current, 'Cancelled', NO_CODE)
  await progress.save()
}

function stateOf(tx: Parameters<Parameters<TaskContext['write']>[0]>[0], commandId: string, nodeId: string) {
  return tables<CommandTables>(tx)
    .selectFrom('command_invocation')
    .select(['command_id', 'node_id', 'stage', 'status_details', 'cancel_stage'])
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
}

/** Removes commands that ended longer ago than they are kept, a few at a time. */
export const forgetOldCommands = task({
  name: 'commands.forget-old',
  everyMs: 600_000,
  async run({ read, write, now, retention, signal }) {
    const before = new Date(now().getTime() - retention.commandDays * DAY_MS).toISOString()
    let forgotten = 0
    while (!signal.aborted) {
      const old = await read((reader) =>
        tables<CommandTables>(reader)
          .selectFrom('command')
          .select('id')
          .where('ended_at', '<', before)
          .limit(20)
          .execute(),
      )
      if (old.length === 0) break
      for (const { id } of old) {
        await write(async (tx) => {
          const db = tables<CommandTables>(tx)
          await db.deleteFrom('command_output').where('command_id', '=', id).execute()
          await db.deleteFrom('command_invocation').where('command_id', '=', id).execute()
          await db.deleteFrom('command').where('id', '=', id).execute()
        })
      }
      forgotten += old.length
    }
    return { forgotten }
  },
})
