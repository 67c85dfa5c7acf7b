import { ssm } from '#capabilities/ssm.ts'
import { noSuchNode } from '../errors.ts'
import { healthReport, nodeArn } from '../node.ts'
import { recordHealth } from '../node-store.ts'

/** A node's health report: at its start with next to nothing in it, then in full every few minutes. */
export const UpdateInstanceInformation = ssm.write('UpdateInstanceInformation', {
  access: (input, call) => ({
    action: 'ssm:UpdateInstanceInformation',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle(input, call) {
    const known = await recordHealth(call.db, call.scope, input.InstanceId, healthReport(input), call.now)
    if (!known) throw noSuchNode(input.InstanceId)
    return {}
  },
})
