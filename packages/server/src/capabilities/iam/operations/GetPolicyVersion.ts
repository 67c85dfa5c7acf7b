import { iam } from '../iam.ts'
import { encodedDocument, versionId } from '../policy.ts'
import { mustFindPolicy, mustFindVersion, onPolicy } from '../policy-access.ts'

export const GetPolicyVersion = iam.read('GetPolicyVersion', {
  access: ({ PolicyArn }) => onPolicy('iam:GetPolicyVersion', PolicyArn),

  async handle({ PolicyArn, VersionId }, call) {
    const policy = await mustFindPolicy(call, PolicyArn)
    const { number, document, createdAt } = await mustFindVersion(call, policy, VersionId)
    return {
      PolicyVersion: {
        Document: encodedDocument(document),
        VersionId: versionId(number),
        IsDefaultVersion: number === policy.defaultVersion,
        CreateDate: createdAt,
      },
    }
  },
})
