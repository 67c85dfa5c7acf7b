import { setBoundary } from '../attachment-store.ts'
import { entityArn, newEntityId } from '../entity.ts'
import { creation, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { mustBeAttachable, underBoundary } from '../policy-access.ts'
import { addUser, toDetailedUser } from '../user-store.ts'

export const CreateUser = iam.write('CreateUser', {
  access({ UserName, Path = '/', PermissionsBoundary, Tags }, { scope }) {
    const resources = [entityArn(scope.account, 'user', Path, UserName)]
    return creation(
      { action: 'iam:CreateUser', resources, context: underBoundary(PermissionsBoundary) },
      'iam:TagUser',
      Tags,
    )
  },

  async handle(input, call) {
    const { account } = call.scope
    const boundary = input.PermissionsBoundary
    if (boundary !== undefined) await mustBeAttachable(call, boundary)
    const user = await addUser(call.db, {
      account,
      id: newEntityId(call.ids, 'user'),
      name: input.UserName,
      path: input.Path ?? '/',
      createdAt: call.now,
      tags: withTags([], input.Tags),
    })
    if (boundary !== undefined) await setBoundary(call.db, account, 'user', user, boundary)
    return { User: toDetailedUser(user, boundary) }
  },
})
