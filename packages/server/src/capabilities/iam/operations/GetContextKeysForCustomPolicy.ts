import { iam } from '../iam.ts'
import { simulatedPrincipal } from '../simulated-principal.ts'
import { contextKeys, inputPolicies } from '../simulation.ts'

export const GetContextKeysForCustomPolicy = iam.read('GetContextKeysForCustomPolicy', {
  access: () => ({ action: 'iam:GetContextKeysForCustomPolicy', resources: ['*'] }),

  async handle({ PolicyInputList }) {
    return { ContextKeyNames: contextKeys(inputPolicies(PolicyInputList, 'PolicyInputList')) }
  },
})

export const GetContextKeysForPrincipalPolicy = iam.read('GetContextKeysForPrincipalPolicy', {
  access: ({ PolicySourceArn }) => ({ action: 'iam:GetContextKeysForPrincipalPolicy', resources: [PolicySourceArn] }),

  async handle({ PolicySourceArn, PolicyInputList = [] }, call) {
    const { identity } = await simulatedPrincipal(call, PolicySourceArn)
    return { ContextKeyNames: contextKeys([...identity, ...inputPolicies(PolicyInputList, 'PolicyInputList')]) }
  },
})
