import { capability } from '#kernel/declare.ts'
import { syncTags } from './sync-tags.ts'
import { migrations } from './tables.ts'
import { tellMembership } from './tell-membership.ts'

export { membersOf } from './members.ts'

/** Resource Groups and the Resource Groups Tagging API: everything that carries tags, whatever capability it belongs to. */
export const resourceGroupsCapability = capability({
  name: 'resource-groups',
  url: import.meta.url,
  migrations,
  tasks: [syncTags, tellMembership],
})
