import { ssm } from '#capabilities/ssm.ts'
import { deletePolicy, mustBeAsSeen, parameterOfArn } from '../resource-policy.ts'

export const DeleteResourcePolicy = ssm.write('DeleteResourcePolicy', {
  access: (input) => ({ action: 'ssm:DeleteResourcePolicy', resources: [input.ResourceArn] }),

  async handle(input, call) {
    const parameter = await parameterOfArn(call.db, call.scope, input.ResourceArn)
    await mustBeAsSeen(call.db, parameter, input.PolicyId, input.PolicyHash)
    await deletePolicy(call.db, parameter, input.PolicyId)
    return {}
  },
})
