import { capability } from '#kernel/declare.ts'
import { migrations } from './tables.ts'

export { badQuery, badRequest, groupExists, groupNotFound } from './errors.ts'
export { groupArn, groupName, type ResourceGroup, toGroup } from './group.ts'
export { groupsSpelledOut, groupTargetFault, isGroupKey, nodesOf, targetedGroup } from './node-targets.ts'
export { readQuery, type TagQuery, typesNamed } from './query.ts'
export { addGroup, changeGroup, explicitMembers, findGroup, listGroups, removeGroup, setMembers } from './store.ts'

/**
 * Resource groups as others need them: what they are, and which nodes are in them (T-06). Their API is in `resource-groups`, which
 * sees everything that can be in a group.
 */
export const groupsCapability = capability({ name: 'groups', url: import.meta.url, migrations })
