/** What decisions must know of rules and buses: their tags, and the policies of buses. */
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import { findBus } from './bus-store.ts'
import { tagsOf } from './tag-store.ts'

export const eventResources: ResourceDirectory = {
  services: ['events'],
  keepsPolicies: true,
  async describe(reader, arn) {
    const [, , , region = '', account = '', resource = ''] = arn.split(':')
    const [kind, name = ''] = resource.split('/')
    if (kind !== 'rule' && kind !== 'event-bus') return undefined
    const scope = { account, region }
    const tags = Object.fromEntries((await tagsOf(reader, scope, arn)).map(({ Key, Value }) => [Key, Value]))
    const policy = kind === 'event-bus' ? (await findBus(reader, scope, name))?.policy : undefined
    if (!policy) return { tags }
    return { tags, policy: { name, source: 'resource', policy: parsePolicy(policy, 'resource') } }
  },
}
