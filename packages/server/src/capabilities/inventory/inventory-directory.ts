/** Nodes by what they report, for capabilities to the left of this one. */
import { loadService, validationMessage } from '@steward/model'
import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import { committedOf } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { InventoryDirectory } from '#kernel/declare.ts'
import { type NodeDemand, toDemands } from './condition.ts'
import { customTypes } from './custom-type.ts'
import { RESOURCE_GROUP } from './derived-type.ts'
import { Search } from './search.ts'

const GET_INVENTORY = loadService('ssm').operation('GetInventory')!

export const inventoryDirectory: InventoryDirectory = {
  async nodesReporting({ db, scope, now }, filters) {
    // Searches keep much in memory, which belongs to what all can see.
    const reader = committedOf(db)
    const customNames = [...(await customTypes(reader, scope)).keys()]
    const demands = toDemands(filters, { customNames, mayAskExists: true })
    return (await new Search({ db: reader, scope, now }).nodes(demands)) ?? new Set()
  },

  faultIn(filters) {
    const { violations, typeError } = GET_INVENTORY.validateInput({ Filters: filters })
    if (typeError !== undefined) return `InventoryFilters: ${typeError}.`
    if (violations.length > 0) return validationMessage(violations).replaceAll("'filters", "'inventoryFilters")
    for (const [index, filter] of (filters as InventoryFilter[]).entries()) {
      const fault = faultOf(filter)
      if (fault !== undefined) return `inventoryFilters.${index + 1}.member: ${fault}`
    }
    return undefined
  },
}

function faultOf(filter: InventoryFilter): string | undefined {
  try {
    const demands = toDemands([filter], { customNames: [], mayAskExists: true })
    return demands.some(isOfGroups) ? 'Groups are not made of groups; filter by what those are made of.' : undefined
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}

function isOfGroups(demand: NodeDemand): boolean {
  return 'reported' in demand ? demand.reported.includes(RESOURCE_GROUP) : demand.typeName === RESOURCE_GROUP
}
