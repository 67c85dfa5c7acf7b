import { deleteConflict } from '../errors.ts'
import { iam } from '../iam.ts'
import { mustFindOwnPolicy, mustFindVersion, onPolicy } from '../policy-access.ts'
import { deleteVersion } from '../policy-store.ts'

export const DeletePolicyVersion = iam.write('DeletePolicyVersion', {
  access: ({ PolicyArn }) => onPolicy('iam:DeletePolicyVersion', PolicyArn),

  async handle({ PolicyArn, VersionId }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    const { number } = await mustFindVersion(call, policy, VersionId)
    if (number === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.')
    await deleteVersion(call.db, policy, number)
    return {}
  },
})
