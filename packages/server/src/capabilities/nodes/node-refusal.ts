import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { NodeRefusal } from '#kernel/declare.ts'
import type { NodeTables } from './tables.ts'

const LONGEST_MESSAGE = 1000

/** Keeps the latest refusal of each node; whoever calls itself by a name that is none is not remembered. */
export async function noteRefusal(tx: Tx, { nodeId, at, code, message, sourceIp }: NodeRefusal): Promise<void> {
  const db = tables<NodeTables>(tx)
  if (!(await db.selectFrom('node').select('node_id').where('node_id', '=', nodeId).executeTakeFirst())) return
  const change = { code, message: message.slice(0, LONGEST_MESSAGE), source_ip: sourceIp, at: at.toISOString() }
  await db
    .insertInto('node_refusal')
    .values({ node_id: nodeId, ...change })
    .onConflict((conflict) => conflict.column('node_id').doUpdateSet(change))
    .execute()
  noteChange(tx, { kind: 'nodes', ids: [nodeId] })
}

/** The latest call in the node's name that was refused. */
export async function latestRefusal(reader: Reader, nodeId: string): Promise<NodeRefusal | undefined> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('node_refusal')
    .selectAll()
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
  return row && { nodeId, code: row.code, message: row.message, sourceIp: row.source_ip, at: new Date(row.at) }
}
