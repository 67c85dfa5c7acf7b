import { ssm } from '#capabilities/ssm.ts'
import { noSuchNode } from '../errors.ts'
import { checkRole, nodeArn, passRole } from '../node.ts'
import { setRole } from '../node-store.ts'

/** The node's next credentials are those of the new role. */
export const UpdateManagedInstanceRole = ssm.write('UpdateManagedInstanceRole', {
  access: (input, call) => [
    { action: 'ssm:UpdateManagedInstanceRole', resources: [nodeArn(call.scope, input.InstanceId)] },
    passRole(call.scope, input.IamRole),
  ],

  async handle(input, call) {
    checkRole(input.IamRole)
    if (!(await setRole(call.db, call.scope, input.InstanceId, input.IamRole))) throw noSuchNode(input.InstanceId)
    return {}
  },
})
