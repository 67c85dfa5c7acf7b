import type { CreateUserRequest } from '@steward/model/generated/iam.ts'
import { setBoundary } from '../attachment-store.ts'
import { entityArn, newEntityId } from '../entity.ts'
import { requestTags, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { mustBeAttachable } from '../policy-access.ts'
import { addUser, toDetailedUser } from '../user-store.ts'

export const CreateUser = iam.write('CreateUser', {
  access: (input, { scope }) => ({
    action: 'iam:CreateUser',
    resources: [entityArn(scope.account, 'user', input.Path ?? '/', input.UserName)],
    context: conditions(input),
  }),

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

function conditions({ PermissionsBoundary, Tags }: CreateUserRequest): Record<string, string | string[]> {
  return { ...requestTags(Tags), ...(PermissionsBoundary && { 'iam:PermissionsBoundary': PermissionsBoundary }) }
}
