import { checkPrincipals } from '#capabilities/iam/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { invalidPolicyParameter, policyNamesNobody, sharingNeedsAdvanced } from '../errors.ts'
import { checkPolicySize, mustBeAsSeen, parameterOfArn, policyHash, writePolicy } from '../resource-policy.ts'

/** Without an id a further policy, with id and hash a change to the policy that has them. */
export const PutResourcePolicy = ssm.write('PutResourcePolicy', {
  access: (input) => ({ action: 'ssm:PutResourcePolicy', resources: [input.ResourceArn] }),

  async handle(input, call) {
    const parameter = await parameterOfArn(call.db, call.scope, input.ResourceArn)
    if (parameter.tier !== 'Advanced') throw sharingNeedsAdvanced()
    checkPolicySize(input.Policy)
    const policy = parsePolicy(input.Policy, 'resource', 'MalformedResourcePolicyDocumentException')
    await checkPrincipals(call.db, policy, policyNamesNobody)
    if (input.PolicyId !== undefined) await mustBeAsSeen(call.db, parameter, input.PolicyId, input.PolicyHash)
    else if (input.PolicyHash !== undefined) throw invalidPolicyParameter('PolicyHash', 'needs a PolicyId')
    const policyId = input.PolicyId ?? call.ids.uuid()
    await writePolicy(call.db, parameter, policyId, input.Policy)
    return { PolicyId: policyId, PolicyHash: policyHash(input.Policy) }
  },
})
