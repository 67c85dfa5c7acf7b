import { iam } from '../iam.ts'
import { simulatedPrincipal } from '../simulated-principal.ts'
import { inputPolicies, simulate } from '../simulation.ts'

export const SimulatePrincipalPolicy = iam.read('SimulatePrincipalPolicy', {
  access: ({ PolicySourceArn }) => ({ action: 'iam:SimulatePrincipalPolicy', resources: [PolicySourceArn] }),

  async handle(input, call) {
    const principal = await simulatedPrincipal(call, input.PolicySourceArn)
    const boundaries = input.PermissionsBoundaryPolicyInputList
    return simulate(call, input, {
      ...principal,
      identity: [...principal.identity, ...inputPolicies(input.PolicyInputList ?? [], 'PolicyInputList')],
      // A boundary that is handed in stands in for the one that the principal has.
      boundary: boundaries ? inputPolicies(boundaries, 'PermissionsBoundaryPolicyInputList') : principal.boundary,
    })
  },
})
