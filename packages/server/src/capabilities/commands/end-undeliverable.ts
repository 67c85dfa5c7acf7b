import { findNodes } from '#capabilities/nodes/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { Progress } from './progress.ts'
import type { CommandTables } from './tables.ts'
import type { Teller } from './tell-changes.ts'

const PAGE = 500

/** Ends what no node took and none will, because the node is registered no more (RC-10). */
export const endUndeliverable = task({
  name: 'commands.end-undeliverable',
  everyMs: 15_000,
  async run(context) {
    let undeliverable = 0
    let after = ''
    for (;;) {
      const awaited = await context.read((reader) => awaitedNodes(reader, after))
      const gone = await goneNodes(awaited, context)
      undeliverable += await endFor(gone, context)
      if (awaited.length < PAGE) break
      after = awaited.at(-1)!.node_id
    }
    if (undeliverable > 0) context.wake(dispatchCommands)
    return { undeliverable }
  },
})

type Awaited = Scope & { readonly node_id: string }

/** Nodes that something waits for, in order of their ids. */
function awaitedNodes(reader: Reader, after: string): Promise<Awaited[]> {
  return untaken(reader)
    .select(['node_id', 'account', 'region'])
    .distinct()
    .where('node_id', '>', after)
    .orderBy('node_id')
    .limit(PAGE)
    .execute()
}

async function goneNodes(awaited: readonly Awaited[], { read }: TaskContext): Promise<string[]> {
  const gone: string[] = []
  for (const nodes of Map.groupBy(awaited, ({ account, region }) => `${account}/${region}`).values()) {
    const { account, region } = nodes[0]!
    const ids = nodes.map(({ node_id }) => node_id)
    const registered = await read((reader) => findNodes(reader, { account, region }, ids))
    const known = new Set(registered.map(({ nodeId }) => nodeId))
    gone.push(...ids.filter((id) => !known.has(id)))
  }
  return gone
}

async function endFor(nodeIds: readonly string[], { read, write, now, ...by }: TaskContext): Promise<number> {
  if (nodeIds.length === 0) return 0
  const commands = await read((reader) =>
    untaken(reader).select('command_id').distinct().where('node_id', 'in', nodeIds).execute(),
  )
  let ended = 0
  for (const { command_id } of commands) ended += await write((tx) => endOf(tx, command_id, nodeIds, now(), by))
  return ended
}

async function endOf(tx: Tx, commandId: string, nodeIds: readonly string[], at: Date, by: Teller): Promise<number> {
  const progress = await Progress.of(tx, commandId, at)
  const invocations = await untaken(tx)
    .select(['command_id', 'node_id', 'stage', 'status_details'])
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds)
    .execute()
  for (const invocation of invocations) {
    const details = invocation.status_details === 'Cancelling' ? 'Cancelled' : 'Undeliverable'
    await progress?.ended(invocation, details, NO_CODE)
  }
  await progress?.save(by)
  return invocations.length
}

function untaken(reader: Reader) {
  return tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .where('open', '=', 1)
    .where('stage', 'in', ['waiting', 'sent'])
}
