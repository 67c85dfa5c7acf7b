import { afterPrefix, capability } from '#kernel/declare.ts'
import { deleteData } from './delete-data.ts'
import { forgetOld } from './forget-old.ts'
import { inventoryDirectory } from './inventory-directory.ts'
import { forgetNode } from './item-store.ts'
import { inventory0001 } from './migrations/0001-inventory.ts'
import { inventory0002 } from './migrations/0002-saved-queries.ts'

export { type TypeOfNode, typesOfNodes } from './types-of-nodes.ts'
export { typesOnNodes } from './types-on-nodes.ts'

/** What nodes report of themselves, searched, counted and compared with before (INV-01 … INV-20). */
export const inventoryCapability = capability({
  name: 'inventory',
  url: import.meta.url,
  changeKinds: [{ kind: 'inventory', read: 'ssm:GetInventory', idOf: afterPrefix('managed-instance/') }],
  migrations: { 'inventory-0001': inventory0001, 'inventory-0002': inventory0002 },
  tasks: [deleteData, forgetOld],
  inventoryDirectory,
  forgetNode,
})
