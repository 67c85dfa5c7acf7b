import { iam } from '../iam.ts'
import { mustFindOwnPolicy, mustFindVersion, onPolicy } from '../policy-access.ts'
import { setDefaultVersion } from '../policy-store.ts'

export const SetDefaultPolicyVersion = iam.write('SetDefaultPolicyVersion', {
  access: ({ PolicyArn }) => onPolicy('iam:SetDefaultPolicyVersion', PolicyArn),

  async handle({ PolicyArn, VersionId }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    const { number } = await mustFindVersion(call, policy, VersionId)
    await setDefaultVersion(call.db, policy, number)
    return {}
  },
})
