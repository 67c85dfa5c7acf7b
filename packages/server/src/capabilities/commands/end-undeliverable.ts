import { findNodes } from '#capabilities/nodes/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { Progress } from './progress.ts'
import type { FinalDetails } from './status.ts'
import { type CommandTables, type InvocationRow, YES } from './tables.ts'
import type { Teller } from './tell-changes.ts'

const PAGE = 500

/** Shown as the trace of what ends here, unless the node has told of something itself. */
const GONE = 'The node is no longer registered.'

/**
 * Ends what waits for a node that is registered no more, and so frees its place for another (RC-10). What the node did not take is
 * `Undeliverable`. What it took will never have a final report; that is `DeliveryTimedOut`, as at the end of the command's time.
 */
export const endUndeliverable = task({
  name: 'commands.end-undeliverable',
  everyMs: 15_000,
  async run(context) {
    let ended = 0
    let after = ''
    for (;;) {
      const awaited = await context.read((reader) => awaitedNodes(reader, after))
      const gone = await goneNodes(awaited, context)
      ended += await endFor(gone, context)
      if (awaited.length < PAGE) break
      after = awaited.at(-1)!.node_id
    }
    if (ended > 0) context.wake(dispatchCommands)
    return { ended }
  },
})

type Awaited = Scope & { readonly node_id: string }

/** Nodes that something waits for, in order of their ids. */
function awaitedNodes(reader: Reader, after: string): Promise<Awaited[]> {
  return unended(reader)
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
    unended(reader).select('command_id').distinct().where('node_id', 'in', nodeIds).execute(),
  )
  let ended = 0
  for (const { command_id } of commands) ended += await write((tx) => endOf(tx, command_id, nodeIds, now(), by))
  return ended
}

async function endOf(tx: Tx, commandId: string, nodeIds: readonly string[], at: Date, by: Teller): Promise<number> {
  const progress = await Progress.of(tx, commandId, at)
  const invocations = await unended(tx)
    .select(['command_id', 'node_id', 'stage', 'status_details', 'trace_output'])
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds)
    .execute()
  for (const invocation of invocations) {
    await progress?.ended(invocation, endOfGone(invocation), NO_CODE, { trace_output: invocation.trace_output || GONE })
  }
  await progress?.save(by)
  return invocations.length
}

function endOfGone({ stage, status_details }: Pick<InvocationRow, 'stage' | 'status_details'>): FinalDetails {
  if (status_details === 'Cancelling') return 'Cancelled'
  return stage === 'running' ? 'DeliveryTimedOut' : 'Undeliverable'
}

function unended(reader: Reader) {
  return tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .where('open', '=', YES)
    .where('stage', '<>', 'done')
}
