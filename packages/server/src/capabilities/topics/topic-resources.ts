/** What decisions must know of topics: their tags and policies. */
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import { findTopic, tagsOf } from './topic-store.ts'

export const topicResources: ResourceDirectory = {
  services: ['sns'],
  keepsPolicies: true,
  async describe(reader, arn) {
    const [, , , region = '', account = '', name = ''] = arn.split(':')
    const topic = await findTopic(reader, { account, region }, name)
    if (!topic) return undefined
    const tags = Object.fromEntries((await tagsOf(reader, topic, name)).map(({ Key, Value }) => [Key, Value]))
    if (topic.policy === null) return { tags }
    return { tags, policy: { name, source: 'resource', policy: parsePolicy(topic.policy, 'resource') } }
  },
}
