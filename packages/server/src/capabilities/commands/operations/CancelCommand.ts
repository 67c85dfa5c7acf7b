import { jobIdOf } from '@steward/protocol'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { type Tx, tables } from '#db/database.ts'
import { checkUnique } from '../command-rules.ts'
import { dispatchCommands } from '../dispatch-commands.ts'
import { invalidCommandId, invalidInstanceId } from '../errors.ts'
import { NO_CODE } from '../invocation.ts'
import { Progress } from '../progress.ts'
import { findCommand } from '../store.ts'
import type { CommandTables } from '../tables.ts'

/** Ends what waits at once and tells the nodes that have begun. Cancelling what has ended is no error (RC-22). */
export const CancelCommand = ssm.write('CancelCommand', {
  access: (input, call) => ({
    action: 'ssm:CancelCommand',
    resources: input.InstanceIds?.length
      ? input.InstanceIds.map((id) => nodeArn(call.scope, id))
      : noResource(call.scope),
  }),

  async handle(input, call) {
    checkUnique(input.InstanceIds ?? [])
    const command = await findCommand(call.db, call.scope, input.CommandId)
    if (!command) throw invalidCommandId(input.CommandId)
    const progress = new Progress(call.db, command, call.now)
    const invocations = await openInvocations(call.db, command.id, input.InstanceIds)
    if (input.InstanceIds?.length) await mustBeKnown(call.db, command.id, input.InstanceIds)
    if (command.ended_at !== null) return {}

    progress.cancelRequested()
    // Targets that were not looked up yet never will be.
    if (command.resolved === 0) progress.resolved(0, { concurrency: 1, errors: 0 })
    const told: string[] = []
    for (const invocation of invocations) {
      if (invocation.stage === 'waiting') await progress.ended(invocation, 'Cancelled', NO_CODE)
      else if (invocation.status_details !== 'Cancelling') {
        await progress.cancelling(invocation, jobIdOf(call.ids.uuid(), invocation.node_id))
        told.push(invocation.node_id)
      }
    }
    if ((await progress.save(call)).dispatchDue) call.wake(dispatchCommands)
    call.wakeNodes(call.scope, told)
    return {}
  },
})

function openInvocations(tx: Tx, commandId: string, nodeIds: readonly string[] | undefined) {
  const open = tables<CommandTables>(tx)
    .selectFrom('command_invocation')
    .select(['command_id', 'node_id', 'stage', 'status_details'])
    .where('command_id', '=', commandId)
    .where('stage', '<>', 'done')
  return (nodeIds?.length ? open.where('node_id', 'in', nodeIds) : open).execute()
}

async function mustBeKnown(tx: Tx, commandId: string, nodeIds: readonly string[]): Promise<void> {
  const rows = await tables<CommandTables>(tx)
    .selectFrom('command_invocation')
    .select('node_id')
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds)
    .execute()
  const known = new Set(rows.map(({ node_id }) => node_id))
  const unknown = nodeIds.filter((id) => !known.has(id))
  if (unknown.length > 0) throw invalidInstanceId(unknown)
}
