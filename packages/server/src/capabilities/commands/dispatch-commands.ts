/**
 * Makes the targets of new commands known, and wakes the nodes whose turn it is. Handing out itself happens when a node asks
 * (channel.ts), so nothing is lost if a wake is: a node that connects asks for itself.
 */

import { nodesMatching } from '#capabilities/nodes/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import type { CommandRequest } from './command.ts'
import { PROGRESS_COLUMNS, Progress, type ProgressRow, roomOf } from './progress.ts'
import { concurrencyLimit, errorLimit } from './rate-control.ts'
import { addInvocations } from './store.ts'
import type { CommandTables } from './tables.ts'

const EVERY_MS = 2_000
const PAGE = 1_000

export const dispatchCommands = task({
  name: 'commands.dispatch',
  everyMs: EVERY_MS,
  async run(context) {
    const resolved = await resolveTargets(context)
    let woken = 0
    const open = await context.read((reader) => openCommands(reader))
    for (const command of open) woken += await wakeWaiting(command, context)
    return { resolved, woken }
  },
})

async function resolveTargets(context: TaskContext): Promise<number> {
  const unresolved = await context.read((reader) =>
    tables<CommandTables>(reader)
      .selectFrom('command')
      .select(['id', 'account', 'region'])
      .where('ended_at', 'is', null)
      .where('resolved', '=', 0)
      .execute(),
  )
  for (const command of unresolved) await context.write((tx) => resolveOne(command.id, command, context.now(), tx))
  return unresolved.length
}

/** Looks the targets up and makes their invocations, all in one transaction; the set never changes afterwards (T-04). */
async function resolveOne(
  id: string,
  scope: Scope,
  now: Date,
  tx: Parameters<typeof addInvocations>[0],
): Promise<void> {
  const row = await tables<CommandTables>(tx).selectFrom('command').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.resolved === 1) return
  const progress = new Progress(tx, row, now)
  const request = JSON.parse(row.request) as CommandRequest
  const nodes = row.cancel_requested
    ? []
    : await nodesMatching(tx, { account: scope.account, region: scope.region }, request.targets)
  progress.resolved(nodes.length, {
    concurrency: concurrencyLimit(request.maxConcurrency, nodes.length),
    errors: errorLimit(request.maxErrors, nodes.length),
  })
  await addInvocations(tx, row, nodes, progress)
  await progress.save()
}

function openCommands(reader: Reader): Promise<ProgressRow[]> {
  return tables<CommandTables>(reader)
    .selectFrom('command')
    .select(PROGRESS_COLUMNS)
    .where('ended_at', 'is', null)
    .where('resolved', '=', 1)
    .execute()
}

/** Wakes as many connected nodes as there is room for. Nodes that are away hold nobody up: they are passed over. */
async function wakeWaiting(row: ProgressRow, context: TaskContext): Promise<number> {
  const scope = { account: row.account, region: row.region }
  const now = context.now().toISOString()
  const room = roomOf(row, now)
  if (room === 0 || row.started_count >= row.target_count) return 0
  const turn: string[] = []
  let after = -1
  while (turn.length < room) {
    const page = await context.read((reader) => waitingAfter(reader, row.id, after, now))
    for (const { node_id } of page)
      if (turn.length < room && context.live.isConnected(scope, node_id)) turn.push(node_id)
    if (page.length < PAGE) break
    after = page.at(-1)!.position
  }
  context.wakeNodes(scope, turn)
  return turn.length
}

function waitingAfter(reader: Reader, commandId: string, position: number, now: string) {
  return tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'position'])
    .where('command_id', '=', commandId)
    .where('stage', '=', 'waiting')
    .where('position', '>', position)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
    .orderBy('position')
    .limit(PAGE)
    .execute()
}
