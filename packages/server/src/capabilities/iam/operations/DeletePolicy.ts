import { attachmentsIn } from '../attachment-store.ts'
import { deleteConflict } from '../errors.ts'
import { iam } from '../iam.ts'
import { mustFindOwnPolicy, onPolicy } from '../policy-access.ts'
import { deletePolicy, policyVersions } from '../policy-store.ts'

export const DeletePolicy = iam.write('DeletePolicy', {
  access: ({ PolicyArn }) => onPolicy('iam:DeletePolicy', PolicyArn),

  async handle({ PolicyArn }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    const uses = await attachmentsIn(call.db, call.scope.account, PolicyArn)
    if (uses.length > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
    if ((await policyVersions(call.db, policy)).length > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
          'The default version is deleted with the policy.',
      )
    }
    await deletePolicy(call.db, policy)
    return {}
  },
})
