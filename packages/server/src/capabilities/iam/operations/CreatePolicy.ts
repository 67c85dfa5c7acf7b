import { parseNewPolicy } from '#iam/policy/parse-policy.ts'
import { entityArn, newEntityId } from '../entity.ts'
import { creation, withTags } from '../entity-tags.ts'
import { oldPolicyVersion, policyAlreadyExists, quotaExceeded } from '../errors.ts'
import { iam } from '../iam.ts'
import { MANAGED_POLICY_SIZE, POLICIES_PER_ACCOUNT, policySize, toApiPolicy } from '../policy.ts'
import { onPolicy, shownTags } from '../policy-access.ts'
import { insertPolicy, ownPolicies } from '../policy-store.ts'

export const CreatePolicy = iam.write('CreatePolicy', {
  access: ({ PolicyName, Path = '/', Tags }, call) =>
    creation(
      onPolicy('iam:CreatePolicy', entityArn(call.scope.account, 'policy', Path, PolicyName)),
      'iam:TagPolicy',
      Tags,
    ),

  async handle({ PolicyName: name, Path: path = '/', PolicyDocument, Description, Tags }, { db, scope, ids, now }) {
    checkManagedDocument(PolicyDocument)
    if ((await ownPolicies(db, scope.account)).length >= POLICIES_PER_ACCOUNT) {
      throw quotaExceeded('PoliciesPerAccount', POLICIES_PER_ACCOUNT)
    }
    const policy = {
      id: newEntityId(ids, 'policy'),
      arn: entityArn(scope.account, 'policy', path, name),
      name,
      path,
      description: Description,
      createdAt: now,
      tags: withTags([], Tags),
    }
    const inserted = await insertPolicy(db, scope.account, { ...policy, document: PolicyDocument })
    if (!inserted) throw policyAlreadyExists(name)
    const created = { ...policy, defaultVersion: 1, updatedAt: now }
    return { Policy: { ...toApiPolicy(created, { grants: 0, boundaries: 0 }), ...shownTags(policy.tags) } }
  },
})

/** Inline policies may be of either version. Throws `MalformedPolicyDocument`, `LimitExceeded`. */
export function checkManagedDocument(document: string): void {
  if (parseNewPolicy(document).version !== '2012-10-17') throw oldPolicyVersion()
  if (policySize(document) > MANAGED_POLICY_SIZE) throw quotaExceeded('PolicySize', MANAGED_POLICY_SIZE)
}
