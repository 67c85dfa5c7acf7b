/** Nodes by what they report, for capabilities to the left of this one. */
import type { InventoryDirectory } from '#kernel/declare.ts'
import { toDemands } from './condition.ts'
import { customTypes } from './custom-type.ts'
import { Search } from './search.ts'

export const inventoryDirectory: InventoryDirectory = {
  async nodesReporting(call, filters) {
    const customNames = [...(await customTypes(call.db, call.scope)).keys()]
    const found = await new Search(call).nodes(toDemands(filters, { customNames, mayAskExists: false }))
    return found ?? new Set()
  },
}
