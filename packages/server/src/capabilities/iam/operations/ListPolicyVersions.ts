import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { type PolicyVersion, versionId } from '../policy.ts'
import { mustFindPolicy, onPolicy } from '../policy-access.ts'
import { policyVersions } from '../policy-store.ts'

export const ListPolicyVersions = iam.read('ListPolicyVersions', {
  access: ({ PolicyArn }) => onPolicy('iam:ListPolicyVersions', PolicyArn),

  async handle(input, call) {
    const policy = await mustFindPolicy(call, input.PolicyArn)
    const newestFirst = (await policyVersions(call.db, policy)).toReversed()
    const { items, ...page } = pageOf(call, input, newestFirst, byAge)
    const Versions = items.map(({ number, createdAt }) => ({
      VersionId: versionId(number),
      IsDefaultVersion: number === policy.defaultVersion,
      CreateDate: createdAt,
    }))
    return { Versions, ...page }
  },
})

/** Grows from the newest version to the oldest. */
function byAge({ number }: PolicyVersion): string {
  return String(1e9 - number).padStart(10, '0')
}
