/** What the capability that keeps the inventory tells capabilities to its left. */
import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '../scope.ts'

export interface InventoryDirectory {
  /**
   * The nodes that all of these filters of GetInventory mean; there is at least one. In a transaction too they are those of what is
   * committed. Throws `InvalidFilter`.
   */
  nodesReporting(
    call: { readonly db: Reader; readonly scope: Scope; readonly now: Date },
    filters: readonly InventoryFilter[],
  ): Promise<ReadonlySet<string>>
  /** Why a group cannot be made by these filters, with the place of the fault; undefined if it can. Pure. */
  faultIn(filters: unknown): string | undefined
}
