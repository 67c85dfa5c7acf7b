import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { toDemands } from './condition.ts'
import { customTypes } from './custom-type.ts'
import { Search } from './search.ts'

/** The nodes that all of these filters of GetInventory mean; there is at least one. Throws `InvalidFilter`. */
export async function nodesReporting(
  call: Pick<Call, 'db' | 'scope' | 'now'>,
  filters: readonly InventoryFilter[],
): Promise<ReadonlySet<string>> {
  const customNames = [...(await customTypes(call.db, call.scope)).keys()]
  const found = await new Search(call).nodes(toDemands(filters, { customNames, mayAskExists: false }))
  return found ?? new Set()
}
