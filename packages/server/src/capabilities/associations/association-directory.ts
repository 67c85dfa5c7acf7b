/** What lists of nodes show of associations (STM-12). */
import { type Kysely, sql } from 'kysely'
import { documentToRun } from '#capabilities/documents/index.ts'
import { statement } from '#db/statement.ts'
import type { AssociationDirectory, AssociationsOnNode } from '#kernel/declare.ts'
import { NO_FAULT, WORK_AHEAD, worstOf } from './association.ts'
import type { AssociationTables } from './tables.ts'

/** Of the nodes asked for in one query, of which there are as many kinds as sizes of pages; the last id fills the page up. */
const BY_SIZE = [1, 10, 50, 1000].map((size) => ({
  size,
  ask: statement((db: Kysely<AssociationTables>, ...nodeIds: string[]) =>
    db
      .selectFrom('association_node')
      .select(({ fn }) => [
        'node_id',
        'status',
        fn.countAll<number>().as('count'),
        fn.max('executed_at').as('executed_at'),
        fn.max('succeeded_at').as('succeeded_at'),
      ])
      .where('node_id', 'in', nodeIds)
      .groupBy(['node_id', 'status'])
      .orderBy('node_id')
      .orderBy('status'),
  ),
}))

/** Whether there are any at all: remembered under a short name, unlike an answer about so many nodes. */
const anyOnNodes = statement((db: Kysely<AssociationTables>) =>
  db.selectFrom('association_node').select('node_id').limit(1),
)

/** The associations of a node that are in one status. */
interface Row {
  readonly node_id: string
  readonly status: string
  readonly count: number
  readonly executed_at: string | null
  readonly succeeded_at: string | null
}

const NONE: ReadonlyMap<string, AssociationsOnNode> = new Map()
/** What was made of rows; those that are the same array come from the same state of the database. */
const made = new WeakMap<readonly Row[], ReadonlyMap<string, AssociationsOnNode>>()

export const associationDirectory: AssociationDirectory = {
  async onNodes(reader, nodeIds) {
    if (nodeIds.length === 0 || (await anyOnNodes(reader)).length === 0) return NONE
    const { size, ask } = BY_SIZE.find(({ size }) => size >= nodeIds.length)!
    const rows: Row[] = await ask(reader, ...nodeIds, ...Array(size - nodeIds.length).fill(nodeIds.at(-1)))
    if (rows.length === 0) return NONE
    const known = made.get(rows) ?? byNode(rows)
    made.set(rows, known)
    return known
  },

  statusOn: (nodeId) =>
    sql`(select case max(case when applied.status in (${literals(WORK_AHEAD)}) then 1
        when applied.status in (${literals(NO_FAULT)}) then 0 else 2 end)
      when 0 then 'Success' when 1 then 'Pending' when 2 then 'Failed' end
      from association_node as applied where applied.node_id = ${nodeId})`,

  documentsOnNodes: ({ account, region }) =>
    sql`select applied.node_id as resource_id, association.document_name as value
      from association_node as applied join association on association.id = applied.association_id
      where applied.account = ${account} and applied.region = ${region}`,

  documentName: async (reader, scope, nameOrArn) => (await documentToRun(reader, scope, nameOrArn, undefined)).name,
}

function literals(statuses: ReadonlySet<string>) {
  return sql.join([...statuses].map((status) => sql.lit(status)))
}

function byNode(rows: readonly Row[]): ReadonlyMap<string, AssociationsOnNode> {
  const nodes = Map.groupBy(rows, ({ node_id }) => node_id)
  return new Map([...nodes].map(([nodeId, ofNode]) => [nodeId, together(ofNode)]))
}

function together(rows: readonly Row[]): AssociationsOnNode {
  return {
    status: worstOf(rows.map(({ status }) => status)),
    counts: Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])),
    lastExecutedAt: latest(rows.map(({ executed_at }) => executed_at)),
    lastSucceededAt: latest(rows.map(({ succeeded_at }) => succeeded_at)),
  }
}

function latest(dates: readonly (string | null)[]): Date | undefined {
  const last = dates
    .filter((date) => date !== null)
    .sort()
    .at(-1)
  return last === undefined ? undefined : new Date(last)
}
