/** Tags of groups: they are kept where those of SSM's resources are. */
import { type Resource, storedKeeper, type TagKeeper, tagsOf, toMap } from '#capabilities/tags/index.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import { groupArn, groupName } from './group.ts'

export function taggedGroup(name: string): Resource {
  return { type: 'ResourceGroup', id: name }
}

export const groupKeeper: TagKeeper = storedKeeper({
  stored: 'ResourceGroup',
  type: 'resource-groups:group',
  cloudType: 'AWS::ResourceGroups::Group',
  tagging: 'resource-groups:Tag',
  untagging: 'resource-groups:Untag',
  arnOf: groupArn,
  idOf: (scope, arn) => (arn.startsWith('arn:') ? groupName(scope, arn) : undefined),
})

/** What decisions must know of groups. */
export const groupResources: ResourceDirectory = {
  services: ['resource-groups'],
  keepsPolicies: false,
  async describe(reader, arn) {
    const [, , , region = '', account = '', path = ''] = arn.split(':')
    if (!path.startsWith('group/')) return undefined
    return { tags: toMap(await tagsOf(reader, { account, region }, taggedGroup(path.slice('group/'.length)))) }
  },
}
