import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { onInstanceProfile } from '../instance-profile-access.ts'
import { changeInstanceProfile, mustFindInstanceProfile } from '../instance-profile-store.ts'
import { pageOf, sortedBy } from '../page.ts'

export const TagInstanceProfile = iam.write('TagInstanceProfile', {
  access: ({ InstanceProfileName, Tags }, call) =>
    onInstanceProfile(call, 'iam:TagInstanceProfile', InstanceProfileName, requestTags(Tags)),

  async handle({ InstanceProfileName, Tags }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    await changeInstanceProfile(db, profile, { tags: withTags(profile.tags, Tags) })
    return {}
  },
})

export const UntagInstanceProfile = iam.write('UntagInstanceProfile', {
  access: ({ InstanceProfileName, TagKeys }, call) =>
    onInstanceProfile(call, 'iam:UntagInstanceProfile', InstanceProfileName, { 'aws:TagKeys': TagKeys }),

  async handle({ InstanceProfileName, TagKeys }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    await changeInstanceProfile(db, profile, { tags: withoutTags(profile.tags, TagKeys) })
    return {}
  },
})

export const ListInstanceProfileTags = iam.read('ListInstanceProfileTags', {
  access: ({ InstanceProfileName }, call) =>
    onInstanceProfile(call, 'iam:ListInstanceProfileTags', InstanceProfileName),

  async handle(input, call) {
    const { tags } = await mustFindInstanceProfile(call.db, call.scope.account, input.InstanceProfileName)
    const byKey = ({ Key }: { Key: string }) => Key
    const { items, ...page } = pageOf(call, input, sortedBy(tags, byKey), byKey)
    return { Tags: items, ...page }
  },
})
