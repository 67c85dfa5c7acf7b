import type { ResourceDirectory } from '#kernel/declare.ts'
import { tagsOf } from './store.ts'
import { resourceOfArn } from './tag.ts'

/** Tags as policies ask for them: `aws:ResourceTag/…` and `ssm:resourceTag/…`. */
export const tagged: ResourceDirectory = {
  services: ['ssm'],
  keepsPolicies: false,
  async describe(reader, arn) {
    const found = resourceOfArn(arn)
    if (!found) return undefined
    const tags = await tagsOf(reader, found.scope, found.resource)
    return { tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }
  },
}
