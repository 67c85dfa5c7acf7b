import { ssm } from '#capabilities/ssm.ts'
import { removeResource } from '#capabilities/tags/index.ts'
import { noSuchNode } from '../errors.ts'
import { nodeArn } from '../node.ts'
import { removeNode } from '../node-store.ts'

/** The node is gone with its tags, and may not speak any more; what it did stays in the history of commands. */
export const DeregisterManagedInstance = ssm.write('DeregisterManagedInstance', {
  access: (input, call) => ({
    action: 'ssm:DeregisterManagedInstance',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle(input, call) {
    if (!(await removeNode(call.db, call.scope, input.InstanceId))) throw noSuchNode(input.InstanceId)
    await removeResource(call.db, call.scope, { type: 'ManagedInstance', id: input.InstanceId })
    await call.forgetNode(input.InstanceId)
    call.dropNode(input.InstanceId)
    return {}
  },
})
