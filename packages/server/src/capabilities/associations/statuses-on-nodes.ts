import type { FleetCountList } from '@steward/model/generated/steward.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { AssociationTables } from './tables.ts'

/** What associations came to last time, on each of the nodes whose ids `nodes` selects: how often each status. */
export async function statusesOnNodes(
  reader: Reader,
  { account, region }: Scope,
  nodes: RawBuilder<string>,
): Promise<FleetCountList> {
  const rows = await tables<AssociationTables>(reader)
    .selectFrom('association_node')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where((eb) => eb.and({ account, region }))
    .where(sql<boolean>`node_id in ${nodes}`)
    .groupBy('status')
    .orderBy('status')
    .execute()
  return rows.map(({ status, count }) => ({ Value: status, Count: Number(count) }))
}
