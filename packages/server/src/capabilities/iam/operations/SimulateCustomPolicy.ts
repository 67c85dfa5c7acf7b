import { iam } from '../iam.ts'
import { inputPolicies, simulate } from '../simulation.ts'

export const SimulateCustomPolicy = iam.read('SimulateCustomPolicy', {
  access: () => ({ action: 'iam:SimulateCustomPolicy', resources: ['*'] }),

  async handle(input, call) {
    const boundaries = input.PermissionsBoundaryPolicyInputList
    return simulate(call, input, {
      arn: undefined,
      identity: inputPolicies(input.PolicyInputList, 'PolicyInputList'),
      boundary: boundaries && inputPolicies(boundaries, 'PermissionsBoundaryPolicyInputList'),
      keys: {},
    })
  },
})
