/** What decisions must know of log groups: their tags, which count for their streams too. */
import type { ResourceDirectory } from '#kernel/declare.ts'
import { findGroup } from './group-store.ts'
import { tagsOf } from './log-tags.ts'
import { parseGroupArn } from './names.ts'

export const logResources: ResourceDirectory = {
  services: ['logs'],
  keepsPolicies: false,
  async describe(reader, arn) {
    const named = parseGroupArn(arn)
    const group = named && (await findGroup(reader, named.scope, named.name))
    return group && { tags: await tagsOf(reader, group.id) }
  },
}
