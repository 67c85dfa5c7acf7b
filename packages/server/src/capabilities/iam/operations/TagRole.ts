import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import { changeRole, mustFindRole } from '../role-store.ts'

export const TagRole = iam.write('TagRole', {
  access: ({ RoleName, Tags }, call) => onHolder(call, 'iam:TagRole', 'role', RoleName, requestTags(Tags)),

  async handle({ RoleName, Tags }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    await changeRole(call.db, role, { tags: withTags(role.tags, Tags) })
    return {}
  },
})

export const UntagRole = iam.write('UntagRole', {
  access: ({ RoleName, TagKeys }, call) =>
    onHolder(call, 'iam:UntagRole', 'role', RoleName, { 'aws:TagKeys': TagKeys }),

  async handle({ RoleName, TagKeys }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    await changeRole(call.db, role, { tags: withoutTags(role.tags, TagKeys) })
    return {}
  },
})

export const ListRoleTags = iam.read('ListRoleTags', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:ListRoleTags', 'role', RoleName),

  async handle(input, call) {
    const { tags } = await mustFindRole(call.db, call.scope.account, input.RoleName)
    const byKey = ({ Key }: { Key: string }) => Key
    const { items, ...page } = pageOf(call, input, sortedBy(tags, byKey), byKey)
    return { Tags: items, ...page }
  },
})
