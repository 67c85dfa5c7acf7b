import { findNodes, nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { noSuchNode } from '../errors.ts'
import { checkedItems } from '../item.ts'
import { takeIn } from '../take-in.ts'

/** What a node found on itself, or what somebody knows of it (INV-08). All items are taken, or none. */
export const PutInventory = ssm.write('PutInventory', {
  access: (input, { scope }) => ({ action: 'ssm:PutInventory', resources: [nodeArn(scope, input.InstanceId)] }),

  async handle({ InstanceId, Items }, call) {
    const items = checkedItems(Items)
    const [node] = await findNodes(call.db, call.scope, [InstanceId])
    if (!node) throw noSuchNode(InstanceId)
    const told = await takeIn(call, InstanceId, items)
    return told.length > 0 ? { Message: told.join('\n') } : {}
  },
})
