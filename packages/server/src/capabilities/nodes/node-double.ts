import { emitEvent } from '#capabilities/events/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { DOUBLE_FOR_MS, type Doubling } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { nodeArn } from './node.ts'
import type { NodeTables } from './tables.ts'

/** That two machines are, or were, connected by the id of one node. */
export interface NodeDouble {
  readonly since: Date
  readonly at: Date
  readonly sourceIps: readonly [string, string]
}

/** Marks the node as one that is there twice. What begins so is told as an event; that it goes on is not. */
export async function noteDouble(tx: Tx, doubling: Doubling): Promise<void> {
  const { scope, nodeId, at, sourceIps } = doubling
  const db = tables<NodeTables>(tx)
  if (!(await db.selectFrom('node').select('node_id').where('node_id', '=', nodeId).executeTakeFirst())) return
  const known = await currentDouble(tx, nodeId, at)
  const [source_ip, other_source_ip] = sourceIps
  const mark = { since: (known?.since ?? at).toISOString(), at: at.toISOString(), source_ip, other_source_ip }
  await db
    .insertInto('node_double')
    .values({ node_id: nodeId, ...mark })
    .onConflict((conflict) => conflict.column('node_id').doUpdateSet(mark))
    .execute()
  noteChange(tx, { kind: 'nodes', ids: [nodeId], againAfterMs: DOUBLE_FOR_MS })
  if (known) return
  await emitEvent(tx, scope, at, randomIds, {
    source: 'steward',
    detailType: 'Duplicate Node Identity',
    resources: [nodeArn(scope, nodeId)],
    detail: { 'instance-id': nodeId, 'source-ips': sourceIps },
  })
}

/** The mark of the node, if it is marked now. */
export async function currentDouble(reader: Reader, nodeId: string, now: Date): Promise<NodeDouble | undefined> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('node_double')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('at', '>', new Date(now.getTime() - DOUBLE_FOR_MS).toISOString())
    .executeTakeFirst()
  return (
    row && {
      since: new Date(row.since),
      at: new Date(row.at),
      sourceIps: [row.source_ip, row.other_source_ip] as const,
    }
  )
}

/** The nodes that were last found to be there twice since then, and when. */
export async function doublesSince(reader: Reader, since: Date): Promise<{ nodeId: string; at: Date }[]> {
  const rows = await tables<NodeTables>(reader)
    .selectFrom('node_double')
    .select(['node_id', 'at'])
    .where('at', '>', since.toISOString())
    .execute()
  return rows.map(({ node_id, at }) => ({ nodeId: node_id, at: new Date(at) }))
}
