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
import { COMMANDS_PER_NODE, concurrencyLimit, errorLimit } from './rate-control.ts'
import { addInvocations } from './store.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

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
  const nodes = await nodesMatching(tx, { account: scope.account, region: scope.region }, request.targets)
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

/** Wakes as many nodes as there is room for. Nodes that are away or full hold nobody up: they are passed over. */
async function wakeWaiting(row: ProgressRow, context: TaskContext): Promise<number> {
  const scope = { account: row.account, region: row.region }
  const now = context.now().toISOString()
  const room = roomOf(row, now)
  if (room === 0 || row.started_count >= row.target_count) return 0
  const turn: string[] = []
  let last: Waiting | undefined
  while (turn.length < room) {
    const page = await context.read((reader) => waitingAfter(reader, row.id, last, now))
    const there = page.map(({ node_id }) => node_id).filter((nodeId) => context.live.isConnected(scope, nodeId))
    turn.push(...(await notFull(there, room - turn.length, context)))
    if (page.length < PAGE) break
    last = page.at(-1)
  }
  context.wakeNodes(scope, turn)
  return turn.length
}

type Waiting = Pick<InvocationRow, 'node_id' | 'position'>

function waitingAfter(reader: Reader, commandId: string, last: Waiting | undefined, now: string): Promise<Waiting[]> {
  let query = tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'position'])
    .where('command_id', '=', commandId)
    .where('stage', '=', 'waiting')
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
  if (last)
    query = query.where((eb) => eb(eb.refTuple('position', 'node_id'), '>', eb.tuple(last.position, last.node_id)))
  return query.orderBy('position').orderBy('node_id').limit(PAGE).execute()
}

/** The first `count` of the nodes that may be given one more command. */
async function notFull(nodeIds: readonly string[], count: number, { read }: TaskContext): Promise<string[]> {
  const free: string[] = []
  for (let at = 0; at < nodeIds.length && free.length < count; ) {
    const some = nodeIds.slice(at, at + count - free.length)
    const full = await read((reader) => fullNodes(reader, some))
    free.push(...some.filter((nodeId) => !full.has(nodeId)))
    at += some.length
  }
  return free
}

async function fullNodes(reader: Reader, nodeIds: readonly string[]): Promise<Set<string>> {
  const rows = await tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select('node_id')
    .where('open', '=', 1)
    .where('node_id', 'in', nodeIds)
    .where('stage', 'in', ['sent', 'running'])
    .groupBy('node_id')
    .having((eb) => eb(eb.fn.countAll(), '>=', COMMANDS_PER_NODE))
    .execute()
  return new Set(rows.map(({ node_id }) => node_id))
}
