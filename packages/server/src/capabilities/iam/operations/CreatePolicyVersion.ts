import { tooManyVersions } from '../errors.ts'
import { iam } from '../iam.ts'
import { POLICY_VERSIONS, versionId } from '../policy.ts'
import { mustFindOwnPolicy, onPolicy } from '../policy-access.ts'
import { appendVersion, policyVersions } from '../policy-store.ts'
import { checkManagedDocument } from './CreatePolicy.ts'

export const CreatePolicyVersion = iam.write('CreatePolicyVersion', {
  access: ({ PolicyArn }) => onPolicy('iam:CreatePolicyVersion', PolicyArn),

  async handle({ PolicyArn, PolicyDocument, SetAsDefault: isDefault = false }, call) {
    const policy = await mustFindOwnPolicy(call, PolicyArn)
    checkManagedDocument(PolicyDocument)
    if ((await policyVersions(call.db, policy)).length >= POLICY_VERSIONS) throw tooManyVersions()
    const version = { document: PolicyDocument, createdAt: call.now, isDefault }
    const number = await appendVersion(call.db, policy, version)
    return { PolicyVersion: { VersionId: versionId(number), IsDefaultVersion: isDefault, CreateDate: call.now } }
  },
})
