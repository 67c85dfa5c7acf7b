import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser, setUserTags } from '../user-store.ts'

export const TagUser = iam.write('TagUser', {
  access: (input, call) => onHolder(call, 'iam:TagUser', 'user', input.UserName, requestTags(input.Tags)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    await setUserTags(call.db, user, withTags(user.tags, input.Tags))
    return {}
  },
})

export const UntagUser = iam.write('UntagUser', {
  access: (input, call) => onHolder(call, 'iam:UntagUser', 'user', input.UserName, { 'aws:TagKeys': input.TagKeys }),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    await setUserTags(call.db, user, withoutTags(user.tags, input.TagKeys))
    return {}
  },
})
