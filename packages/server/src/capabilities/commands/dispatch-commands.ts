/**
 * Makes the targets of new commands known, and wakes the nodes whose turn it is. Handing out itself happens when a node asks
 * (hand-out.ts), so nothing is lost if a wake is: a node that connects asks for itself.
 */

import type { Targets } from '@steward/model/generated/ssm.ts'
import type { Kysely } from 'kysely'
import { groupsSpelledOut, lookingIn } from '#capabilities/groups/index.ts'
import { nodesMatching } from '#capabilities/nodes/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { listStatement } from '#db/statement.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { task } from '#kernel/declare.ts'
import type { CommandRequest } from './command.ts'
import { PROGRESS_COLUMNS, Progress, type ProgressRow, roomOf } from './progress.ts'
import { COMMANDS_PER_NODE, concurrencyLimit, errorLimit } from './rate-control.ts'
import { addInvocations } from './store.ts'
import { type CommandTables, type InvocationRow, YES } from './tables.ts'

const EVERY_MS = 2_000
const REVIEW_EVERY_MS = 60_000
/** Commands looked at in one run. */
const AT_ONCE = 100
/** Nodes looked at with one query: as many as there is room for, within these. */
const SHORT_PAGE = 50
const PAGE = 1_000

export const dispatchCommands = task({
  name: 'commands.dispatch',
  everyMs: EVERY_MS,
  async run(context) {
    const due = await context.write((tx) => takeDue(tx))
    const turns: Turns = new Map()
    let woken = 0
    for (const command of due) {
      const known = command.resolved === 1 ? command : await resolveOne(command, context)
      if (known) woken += await wakeWaiting(known, turns, context)
    }
    if (due.length === AT_ONCE) context.wake(dispatchCommands)
    // Until they took it they look as if they waited for their turn, and the next run would wake them all again.
    if (woken > 0) await context.live.asked()
    return { dispatched: due.length, woken }
  },
})

/**
 * Puts every command with nodes that wait before the dispatcher, once in a while. It takes marks off before it acts on them, and a
 * node may leave or fill up between its turn and its being asked; then somebody else could begin and nobody would know.
 */
export const reviewCommands = task({
  name: 'commands.review',
  everyMs: REVIEW_EVERY_MS,
  async run({ write, wake }) {
    const { numUpdatedRows } = await write((tx) =>
      tables<CommandTables>(tx)
        .updateTable('command')
        .set({ dispatch_due: 1 })
        .where('ended_at', 'is', null)
        .where('resolved', '=', 1)
        .where('dispatch_due', '=', 0)
        .whereRef('started_count', '<', 'target_count')
        .executeTakeFirstOrThrow(),
    )
    if (numUpdatedRows > 0n) wake(dispatchCommands)
    return { reviewed: Number(numUpdatedRows) }
  },
})

/**
 * Commands that wait for the dispatcher, whose mark is taken off: what happens to them from here on marks them again. Only those
 * whose targets are unknown keep it until they are known. Commands that wait for nodes to come back cost nothing here.
 */
async function takeDue(tx: Tx): Promise<ProgressRow[]> {
  const due = await tables<CommandTables>(tx)
    .selectFrom('command')
    .select(PROGRESS_COLUMNS)
    .where('dispatch_due', '=', YES)
    .limit(AT_ONCE)
    .execute()
  const known = due.filter(({ resolved }) => resolved === 1).map(({ id }) => id)
  if (known.length > 0) {
    await tables<CommandTables>(tx).updateTable('command').set({ dispatch_due: 0 }).where('id', 'in', known).execute()
  }
  return due.filter(({ ended_at }) => ended_at === null)
}

/** Looks the targets up and makes their invocations; the set never changes afterwards (T-04). */
async function resolveOne(
  { id, account, region }: ProgressRow,
  context: TaskContext,
): Promise<ProgressRow | undefined> {
  // To look into a group may take a moment, in which others should be able to write.
  const targets = await context.read(async (db) => {
    const row = await tables<CommandTables>(db).selectFrom('command').select('request').where('id', '=', id).execute()
    const asked = row.flatMap(({ request }) => (JSON.parse(request) as CommandRequest).targets)
    return groupsSpelledOut(lookingIn(context, db, { account, region }), asked)
  })
  return context.write((tx) => addTargets(tx, id, targets, context))
}

async function addTargets(
  tx: Tx,
  id: string,
  targets: Targets,
  context: TaskContext,
): Promise<ProgressRow | undefined> {
  const row = await tables<CommandTables>(tx).selectFrom('command').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.resolved === 1) return undefined
  const progress = new Progress(tx, row, context.now())
  const request = JSON.parse(row.request) as CommandRequest
  const nodes = await nodesMatching(tx, row, targets)
  progress.resolved(nodes.length, {
    concurrency: concurrencyLimit(request.maxConcurrency, nodes.length),
    errors: errorLimit(request.maxErrors, nodes.length),
  })
  await addInvocations(tx, row, nodes, progress)
  await progress.save(context)
  return progress.command
}

/** How many commands each node was woken for in this run; it has not taken them yet. */
type Turns = Map<string, number>

/** Wakes as many nodes as there is room for. Nodes that are away or full hold nobody up: they are passed over. */
async function wakeWaiting(row: ProgressRow, turns: Turns, context: TaskContext): Promise<number> {
  const scope = { account: row.account, region: row.region }
  const now = context.now().toISOString()
  const room = roomOf(row, now)
  if (room === 0 || row.started_count >= row.target_count) return 0
  const turn: string[] = []
  let last: Waiting | undefined
  while (turn.length < room) {
    const count = Math.min(Math.max(room - turn.length, SHORT_PAGE), PAGE)
    const page = await context.read((reader) => waitingAfter(reader, row.id, last, now, count))
    const there = page.map(({ node_id }) => node_id).filter((nodeId) => context.live.isConnected(scope, nodeId))
    turn.push(...(await notFull(there, room - turn.length, turns, context)))
    if (page.length < count) break
    last = page.at(-1)
  }
  for (const nodeId of turn) turns.set(nodeId, (turns.get(nodeId) ?? 0) + 1)
  context.wakeNodes(scope, turn)
  return turn.length
}

type Waiting = Pick<InvocationRow, 'node_id' | 'position'>

function waitingAfter(
  reader: Reader,
  commandId: string,
  last: Waiting | undefined,
  now: string,
  count: number,
): Promise<Waiting[]> {
  let query = tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'position'])
    .where('command_id', '=', commandId)
    .where('stage', '=', 'waiting')
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<=', now)]))
  if (last)
    query = query.where((eb) => eb(eb.refTuple('position', 'node_id'), '>', eb.tuple(last.position, last.node_id)))
  return query.orderBy('position').orderBy('node_id').limit(count).execute()
}

/** The first `count` of the nodes that may be given one more command. */
async function notFull(
  nodeIds: readonly string[],
  count: number,
  turns: Turns,
  { read }: TaskContext,
): Promise<string[]> {
  const free: string[] = []
  for (let at = 0; at < nodeIds.length && free.length < count; ) {
    const some = nodeIds.slice(at, at + count - free.length)
    const rows = await read((reader) => commandsOn(reader, some))
    const busy = new Map(rows.map(({ node_id, count }) => [node_id, Number(count)]))
    free.push(...some.filter((id) => (busy.get(id) ?? 0) + (turns.get(id) ?? 0) < COMMANDS_PER_NODE))
    at += some.length
  }
  return free
}

/** How many commands each of the nodes has that are not over. */
const commandsOn = listStatement((db: Kysely<CommandTables>, nodeIds: readonly string[]) =>
  db
    .selectFrom('command_invocation')
    .select((eb) => ['node_id', eb.fn.countAll<number>().as('count')])
    .where('open', '=', YES)
    .where('node_id', 'in', nodeIds)
    .where('stage', 'in', ['sent', 'running'])
    .groupBy('node_id'),
)
