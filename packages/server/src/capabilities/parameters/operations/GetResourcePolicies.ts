import { ssm } from '#capabilities/ssm.ts'
import { parameterOfArn, resourcePolicies } from '../resource-policy.ts'

const PAGE = 50

/** The id of the last policy of a page. */
type Cursor = { readonly after: string }

export const GetResourcePolicies = ssm.read('GetResourcePolicies', {
  access: (input) => ({ action: 'ssm:GetResourcePolicies', resources: [input.ResourceArn] }),

  async handle(input, call) {
    const parameter = await parameterOfArn(call.db, call.scope, input.ResourceArn)
    const limit = input.MaxResults ?? PAGE
    const found = await resourcePolicies(call.db, parameter, call.cursor<Cursor>()?.after ?? '', limit + 1)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      Policies: page.map((row) => ({ PolicyId: row.policy_id, PolicyHash: row.policy_hash, Policy: row.policy })),
      NextToken: call.nextToken(last && ({ after: last.policy_id } satisfies Cursor)),
    }
  },
})
