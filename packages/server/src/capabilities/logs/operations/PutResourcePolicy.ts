import { invalid, notBuilt } from '../errors.ts'
import { logs } from '../logs.ts'
import { deletePolicy, listPolicies, policyResource, putPolicy } from '../resource-policies.ts'
import type { ResourcePolicyRow } from '../tables.ts'

const PAGE = 50

export const PutResourcePolicy = logs.write('PutResourcePolicy', {
  access: (_input, call) => ({ action: 'logs:PutResourcePolicy', resources: [policyResource(call.scope)] }),

  async handle({ policyName, policyDocument, resourceArn }, call) {
    if (resourceArn !== undefined) throw notBuilt('Policies of single log groups are')
    if (!policyName || !policyDocument) throw invalid('policyName and policyDocument must be specified')
    const { account, region } = call.scope
    const row = { account, region, name: policyName, document: policyDocument, updated_at: call.now.getTime() }
    await putPolicy(call.db, row)
    return { resourcePolicy: toResourcePolicy(row) }
  },
})

export const DescribeResourcePolicies = logs.read('DescribeResourcePolicies', {
  access: (_input, call) => ({ action: 'logs:DescribeResourcePolicies', resources: [policyResource(call.scope)] }),

  async handle({ resourceArn, policyScope = 'ACCOUNT', limit = PAGE }, call) {
    if (resourceArn !== undefined || policyScope === 'RESOURCE') return { resourcePolicies: [] }
    const rows = await listPolicies(call.db, call.scope, call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    return {
      resourcePolicies: page.map(toResourcePolicy),
      nextToken: call.nextToken(rows.length > limit ? page.at(-1)!.name : undefined),
    }
  },
})

export const DeleteResourcePolicy = logs.write('DeleteResourcePolicy', {
  access: (_input, call) => ({ action: 'logs:DeleteResourcePolicy', resources: [policyResource(call.scope)] }),

  async handle({ policyName, resourceArn }, call) {
    if (resourceArn !== undefined) throw notBuilt('Policies of single log groups are')
    if (!policyName) throw invalid('policyName must be specified')
    await deletePolicy(call.db, call.scope, policyName)
    return {}
  },
})

function toResourcePolicy({ name, document, updated_at }: ResourcePolicyRow) {
  return {
    policyName: name,
    policyDocument: document,
    lastUpdatedTime: updated_at,
    policyScope: 'ACCOUNT' as const,
  }
}
