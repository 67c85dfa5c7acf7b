import type { Tx } from '#db/database.ts'
import type { InventoryDirectory, Task, TaskContext } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'

/** What changes associations within one transaction: a call, a channel or a task. */
export interface Acting {
  readonly db: Tx
  readonly now: Date
  readonly ids: Ids
  readonly inventory: InventoryDirectory
  wake(task: Task): void
  wakeNodes(scope: Scope, nodeIds: Iterable<string>): void
}

export function inTask(context: TaskContext, db: Tx): Acting {
  const { ids, inventory, wake, wakeNodes } = context
  return { db, now: context.now(), ids, inventory, wake, wakeNodes }
}
