import { deliverEvents, emitEvents } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import type { Tx } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { type Deletion, deleteSome, openDeletions, summaryOf } from './deletion.ts'
import { stateChange } from './tell.ts'

const MINUTE_MS = 60_000

/** Does the deletions that were asked for, some nodes at a time, and says so of each node and of the whole (INV-17). */
export const deleteData = task({
  name: 'inventory.delete-data',
  everyMs: MINUTE_MS,
  async run(context) {
    let deleted = 0
    for (const open of await context.read(openDeletions)) {
      for (let deletion = open; !deletion.isComplete && !context.signal.aborted; ) {
        const step = await context.write((tx) => deleteAndTell(tx, deletion, context))
        deletion = step.deletion
        deleted += step.nodeIds.length
      }
      context.wake(deliverEvents)
    }
    return { deleted }
  },
})

async function deleteAndTell(tx: Tx, before: Deletion, { now, ids }: TaskContext) {
  const step = await deleteSome(tx, before, now())
  const { deletion, nodeIds } = step
  const { scope, typeName } = deletion
  const happenings = nodeIds.map((nodeId) =>
    stateChange({ status: 'succeeded', action: 'delete', nodeId, typeName }, [nodeArn(scope, nodeId)]),
  )
  if (deletion.isComplete) {
    const reason = `The delete for type name ${typeName} was completed. The deletion summary is: ${summaryText(deletion)}`
    happenings.push(stateChange({ status: 'succeeded', action: 'delete-summary', reason, typeName }, []))
  }
  await emitEvents(tx, scope, now(), ids, happenings)
  if (nodeIds.length > 0) noteChange(tx, { kind: 'inventory', ids: nodeIds, region: scope.region })
  return step
}

/** As AWS writes it. */
function summaryText({ counts, remaining }: Deletion): string {
  const { TotalCount, RemainingCount, SummaryItems = [] } = summaryOf(counts, remaining)
  return JSON.stringify({
    totalCount: TotalCount,
    remainingCount: RemainingCount,
    summaryItems: SummaryItems.map(({ Version, Count, RemainingCount }) => ({
      version: Version,
      count: Count,
      remainingCount: RemainingCount,
    })),
  })
}
