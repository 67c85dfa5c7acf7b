import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import { mustFindUser } from '../user-store.ts'

export const ListUserTags = iam.read('ListUserTags', {
  access: (input, call) => onHolder(call, 'iam:ListUserTags', 'user', input.UserName),

  async handle(input, call) {
    const { tags } = await mustFindUser(call.db, call.scope.account, input.UserName)
    const { items, ...page } = pageOf(
      call,
      input,
      sortedBy([...tags], ({ Key }) => Key),
      ({ Key }) => Key,
    )
    return { Tags: items, ...page }
  },
})
