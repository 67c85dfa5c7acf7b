import { attachmentsIn } from '../attachment-store.ts'
import { AWS_MANAGED } from '../aws-managed/index.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import { toApiPolicy } from '../policy.ts'
import { ownPolicies } from '../policy-store.ts'
import { countUsages, usageNamed } from '../usage.ts'

export const ListPolicies = iam.read('ListPolicies', {
  access: () => ({ action: 'iam:ListPolicies', resources: ['*'] }),

  async handle(input, call) {
    const { Scope = 'All', PathPrefix = '/', OnlyAttached = false } = input
    const { account } = call.scope
    const attachments = await attachmentsIn(call.db, account)
    const usage = usageNamed(input.PolicyUsageFilter)
    const used = new Set(attachments.filter((one) => !usage || one.usage === usage).map(({ policyArn }) => policyArn))
    const policies = [
      ...(Scope === 'Local' ? [] : AWS_MANAGED.values()),
      ...(Scope === 'AWS' ? [] : await ownPolicies(call.db, account)),
    ].filter(({ path, arn }) => path.startsWith(PathPrefix) && (!(OnlyAttached || usage) || used.has(arn)))
    const { items, ...page } = pageOf(call, input, sortedBy(policies, byArn), byArn)
    const usages = countUsages(attachments)
    return { Policies: items.map((policy) => toApiPolicy(policy, usages(policy.arn))), ...page }
  },
})

function byArn({ arn }: { arn: string }): string {
  return arn
}
