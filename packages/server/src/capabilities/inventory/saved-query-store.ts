import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { InventoryTables, SavedQueryTable } from './tables.ts'

/** Up to `limit`, those after the name `after`, in order of their names. */
export function savedQueries(
  reader: Reader,
  { account, region }: Scope,
  after: string,
  limit: number,
): Promise<SavedQueryTable[]> {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_saved_query')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute()
}

export async function saveQuery(tx: Tx, { account, region, name, ...content }: SavedQueryTable): Promise<void> {
  await tables<InventoryTables>(tx)
    .insertInto('inventory_saved_query')
    .values({ account, region, name, ...content })
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet(content))
    .execute()
}

/** False if there was none. */
export async function removeQuery(tx: Tx, { account, region }: Scope, name: string): Promise<boolean> {
  const { numDeletedRows } = await tables<InventoryTables>(tx)
    .deleteFrom('inventory_saved_query')
    .where((eb) => eb.and({ account, region, name }))
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
