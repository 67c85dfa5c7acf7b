import { afterPrefix, capability } from '#kernel/declare.ts'
import { groupResources } from './group-tags.ts'
import { forgetMember } from './store.ts'
import { migrations } from './tables.ts'

export { badQuery, badRequest, groupExists } from './errors.ts'
export { groupArn, groupName, isApplication, type ResourceGroup, toGroup } from './group.ts'
export { groupKeeper, taggedGroup } from './group-tags.ts'
export {
  groupsSpelledOut,
  groupTargetFault,
  isGroupKey,
  type Looking,
  lookingIn,
  nodesOf,
  targetedGroup,
} from './node-targets.ts'
export { INVENTORY_QUERY, type MemberQuery, readQuery, typesNamed } from './query.ts'
export { isKnownType } from './resource-types.ts'
export {
  addGroup,
  changeGroup,
  explicitMembers,
  findGroup,
  listGroups,
  membershipChanges,
  mustFindGroup,
  removeGroup,
  setMembers,
} from './store.ts'

/**
 * Resource groups as others need them: what they are, and which nodes are in them (T-06). Their API is in `resource-groups`, which
 * sees everything that can be in a group.
 */
export const groupsCapability = capability({
  name: 'groups',
  url: import.meta.url,
  migrations,
  changeKinds: [{ kind: 'groups', read: 'resource-groups:ListGroups', idOf: afterPrefix('group/') }],
  resources: groupResources,
  forgetNode: forgetMember,
})
