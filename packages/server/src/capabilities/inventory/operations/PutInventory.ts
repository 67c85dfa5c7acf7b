import { deliverEvents } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { checkedItems } from '../item.ts'
import { itemsOf } from '../item-store.ts'
import { prepareItem, takeIn } from '../take-in.ts'

/** What a node found on itself, or what somebody knows of it (INV-08). All items are taken, or none. */
export const PutInventory = ssm.open('PutInventory', {
  access: (input, { scope }) => ({ action: 'ssm:PutInventory', resources: [nodeArn(scope, input.InstanceId)] }),

  async handle({ InstanceId, Items }, { scope, now, ids, ...call }) {
    const items = checkedItems(Items)
    const prepared = await call.read(async (reader) => {
      const before = items.some(({ content }) => content) ? await itemsOf(reader, InstanceId) : new Map()
      return Promise.all(items.map((item) => prepareItem(reader, scope, item, before)))
    })
    const told = await call.write((tx) => takeIn({ tx, scope, now, ids }, InstanceId, prepared))
    call.wake(deliverEvents)
    return told.length > 0 ? { Message: told.join('\n') } : {}
  },
})
