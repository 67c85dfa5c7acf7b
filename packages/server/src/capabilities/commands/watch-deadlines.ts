/**
 * Everything about commands that happens because time passes: commands whose time is over, jobs that no node acknowledged,
 * cancellations that nobody confirmed, and the history that is old enough to go.
 */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { Progress } from './progress.ts'
import type { CommandTables, InvocationRow } from './tables.ts'
import type { Teller } from './tell-changes.ts'

const BATCH = 500
const FORGET_AT_ONCE = 20
const DAY_MS = 86_400_000

/** Shown as the trace of what was perhaps taken by one of two machines, and must not be sent to the other (AGT-19). */
const TWO_MACHINES =
  'Two machines are connected by this node’s id. One of them was sent the command and did not acknowledge it; so it is not sent again.'

export const watchDeadlines = task({
  name: 'commands.watch-deadlines',
  everyMs: 1_000,
  async run(context) {
    const expired = await expireCommands(context)
    const returned = await returnLostJobs(context)
    const retried = await askBusyNodesAgain(context)
    const cancelled = await confirmSilentCancellations(context)
    if (expired + returned > 0) context.wake(dispatchCommands)
    return { expired, returned, retried, cancelled }
  },
})

/** Commands past `ExpiresAfter`: what did not end by then counts as not delivered (RC-10). */
async function expireCommands({ read, write, now, ...by }: TaskContext): Promise<number> {
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
      await progress.save(by)
    })
  }
  return due.length
}

/**
 * Jobs whose lease ended without an acknowledgement. They wait again, and their places are free: neither a node that is away nor
 * one that is there but takes nothing may hold up the others. The latter goes to the end of the queue. Where two machines call themselves
 * by one node's id, the other one must not be sent what this one perhaps took: that ends here.
 */
async function returnLostJobs({ read, write, now, live, ...by }: TaskContext): Promise<number> {
  const at = now()
  const lost = await read((reader) =>
    tables<CommandTables>(reader)
      .selectFrom('command_invocation')
      .select(['command_id', 'node_id', 'account', 'region'])
      .where('stage', '=', 'sent')
      .where('lease_until', '<=', at.toISOString())
      .limit(BATCH)
      .execute(),
  )
  for (const [commandId, rows] of Map.groupBy(lost, ({ command_id }) => command_id)) {
    await write(async (tx) => {
      const progress = await Progress.of(tx, commandId, at)
      if (!progress) return
      for (const row of rows) {
        const current = await stateOf(tx, commandId, row.node_id)
        // It may have been acknowledged in the meantime.
        if (current?.stage !== 'sent') continue
        const machines = live.machinesOf(row.node_id)
        if (machines === 'being found out') continue
        if (machines === 'two' && current.status_details !== 'Cancelling')
          await progress.ended(current, 'DeliveryTimedOut', NO_CODE, { trace_output: TWO_MACHINES })
        else if (live.isConnected(row, row.node_id)) {
          await progress.returned(current, 'Delayed', { position: lastPosition(progress.command, at) })
        } else await progress.returned(current, 'Pending', {})
      }
      await progress.save(by)
    })
  }
  return lost.length
}

/** Nodes that were full are asked again once they were left alone for a while. */
async function askBusyNodesAgain({ write, now, wakeNodes }: TaskContext): Promise<number> {
  const at = now().toISOString()
  const rested = await write((tx) =>
    tables<CommandTables>(tx)
      .updateTable('command_invocation')
      .set({ lease_until: null })
      .where('stage', '=', 'waiting')
      .where('lease_until', '<=', at)
      .returning(['node_id', 'account', 'region'])
      .execute(),
  )
  for (const { account, region, node_id } of rested) wakeNodes({ account, region }, [node_id])
  return rested.length
}

/** Behind all that never had their turn, and behind those that were sent here before. */
function lastPosition({ target_count, requested_at }: Progress['command'], at: Date): number {
  return target_count + Math.max(0, Math.floor((at.getTime() - Date.parse(requested_at)) / 1000))
}

async function confirmSilentCancellations({ read, write, now, wakeNodes, ...by }: TaskContext): Promise<number> {
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
    await write((tx) => confirmOrRepeat(tx, command_id, node_id, at, by))
    wakeNodes({ account, region }, [node_id])
  }
  return due.length
}

/** The node took the cancellation and said nothing since: it is cancelled. It did not take it: it is told again. */
async function confirmOrRepeat(tx: Tx, commandId: string, nodeId: string, at: Date, by: Teller): Promise<void> {
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
  await progress.save(by)
}

function stateOf(tx: Tx, commandId: string, nodeId: string) {
  return tables<CommandTables>(tx)
    .selectFrom('command_invocation')
    .select(['command_id', 'node_id', 'stage', 'status_details', 'cancel_stage'])
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
}

/** Removes commands that ended longer ago than they are kept, a few invocations at a time. */
export const forgetOldCommands = task({
  name: 'commands.forget-old',
  everyMs: 600_000,
  async run({ read, write, now, clockIsSteady, retention, signal }) {
    if (!clockIsSteady()) return { forgotten: 0 }
    const before = new Date(now().getTime() - retention.commandDays * DAY_MS).toISOString()
    let forgotten = 0
    while (!signal.aborted) {
      const old = await read((reader) =>
        tables<CommandTables>(reader)
          .selectFrom('command')
          .select('id')
          .where('ended_at', '<', before)
          .limit(FORGET_AT_ONCE)
          .execute(),
      )
      if (old.length === 0) break
      for (const { id } of old) while (!(await write((tx) => forgetSome(tx, id))) && !signal.aborted);
      forgotten += old.length
    }
    return { forgotten }
  },
})

/** True once nothing of the command is left. */
async function forgetSome(tx: Tx, commandId: string): Promise<boolean> {
  const db = tables<CommandTables>(tx)
  const invocations = await db
    .selectFrom('command_invocation')
    .select('node_id')
    .where('command_id', '=', commandId)
    .limit(FORGET_AT_ONCE)
    .execute()
  if (invocations.length === 0) {
    await db.deleteFrom('command').where('id', '=', commandId).execute()
    return true
  }
  const nodeIds = invocations.map(({ node_id }) => node_id)
  for (const table of ['command_output', 'command_invocation'] as const)
    await db.deleteFrom(table).where('command_id', '=', commandId).where('node_id', 'in', nodeIds).execute()
  return false
}
