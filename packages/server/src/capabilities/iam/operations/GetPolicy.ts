import { attachmentsIn } from '../attachment-store.ts'
import { iam } from '../iam.ts'
import { toApiPolicy } from '../policy.ts'
import { mustFindPolicy, onPolicy } from '../policy-access.ts'
import { countUsages } from '../usage.ts'

export const GetPolicy = iam.read('GetPolicy', {
  access: ({ PolicyArn }) => onPolicy('iam:GetPolicy', PolicyArn),

  async handle({ PolicyArn }, call) {
    const policy = await mustFindPolicy(call, PolicyArn)
    const usages = countUsages(await attachmentsIn(call.db, call.scope.account, PolicyArn))
    return {
      Policy: {
        ...toApiPolicy(policy, usages(PolicyArn)),
        Description: policy.description,
        // Unlike lists, this answer has them even when there are none.
        Tags: [...policy.tags],
      },
    }
  },
})
