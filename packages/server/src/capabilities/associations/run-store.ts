/** Executions on nodes. What every word of a node and every handing out needs is put together once. */
import type { Kysely } from 'kysely'
import type { Reader, Tx } from '#db/database.ts'
import { bulkInserter, statement, updater } from '#db/statement.ts'
import type { AssociationTables, RunTable } from './tables.ts'

type Db = Kysely<AssociationTables>

const insert = bulkInserter<AssociationTables>('association_run')

export function addRuns(tx: Tx, runs: readonly RunTable[]): Promise<void> {
  return insert(
    tx,
    runs.map((run) => ({ ...run })),
  )
}

const update = updater<AssociationTables>('association_run', ['execution_id', 'node_id'])

export function writeRun(
  tx: Tx,
  { execution_id, node_id }: Pick<RunTable, 'execution_id' | 'node_id'>,
  change: Partial<RunTable>,
): Promise<void> {
  return update(tx, [execution_id, node_id], change)
}

const openOfNode = statement((db: Db, nodeId: string) =>
  db.selectFrom('association_run').selectAll().where('open', '=', 1).where('node_id', '=', nodeId),
)

/** What has not ended on a node. */
export function openRunsOn(reader: Reader, nodeId: string): Promise<RunTable[]> {
  return openOfNode(reader, nodeId)
}

const openOfAssociation = statement((db: Db, nodeId: string, associationId: string) =>
  db
    .selectFrom('association_run')
    .selectAll()
    .where('open', '=', 1)
    .where('node_id', '=', nodeId)
    .where('association_id', '=', associationId),
)

/** What of an association has not ended on a node. */
export function openRunsOf(reader: Reader, associationId: string, nodeId: string): Promise<RunTable[]> {
  return openOfAssociation(reader, nodeId, associationId)
}

/** Moves the time at which what a node was handed is taken back. */
export const holdHanded = statement((db: Db, dueAt: string, nodeId: string) =>
  db
    .updateTable('association_run')
    .set({ due_at: dueAt })
    .where('open', '=', 1)
    .where('node_id', '=', nodeId)
    .where('stage', '=', 'handed'),
)

/** Has a node that was told of a run told of it again at that time; answers whether there is one that it has not begun. */
export async function tellAgain(
  tx: Tx,
  dueAt: string,
  { association_id, node_id }: Pick<RunTable, 'association_id' | 'node_id'>,
): Promise<boolean> {
  return (await moveTold(tx, dueAt, node_id, association_id)).length > 0
}

const moveTold = statement((db: Db, dueAt: string, nodeId: string, associationId: string) =>
  db
    .updateTable('association_run')
    .set({ due_at: dueAt })
    .where('open', '=', 1)
    .where('node_id', '=', nodeId)
    .where('association_id', '=', associationId)
    .where('stage', '=', 'waiting')
    .where('summons', '=', 'sent')
    .returning('execution_id'),
)
