import type { FleetCountList } from '@steward/model/generated/steward.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { InventoryTables } from './tables.ts'

/** How many of the nodes, whose ids `nodes` selects, report each type, in order of the types. */
export async function typesOnNodes(
  reader: Reader,
  { account, region }: Scope,
  nodes: RawBuilder<string>,
): Promise<FleetCountList> {
  const rows = await tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .select(({ fn }) => ['type_name', fn.countAll<number>().as('count')])
    .where((eb) => eb.and({ account, region }))
    .where('entries', '>', 0)
    .where(sql<boolean>`node_id in ${nodes}`)
    .groupBy('type_name')
    .orderBy('type_name')
    .execute()
  return rows.map(({ type_name, count }) => ({ Value: type_name, Count: Number(count) }))
}
