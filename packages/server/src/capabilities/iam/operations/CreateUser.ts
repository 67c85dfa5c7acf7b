import type { CreateUserRequest } from '@steward/model/generated/iam.ts'
import { setBoundary } from '../attachment-store.ts'
import { boundaryShown } from '../boundary.ts'
import { entityArn, newEntityId } from '../entity.ts'
import { requestTags, withTags } from '../entity-tags.ts'
import { policyNotFound } from '../errors.ts'
import { iam } from '../iam.ts'
import { findPolicy } from '../policy-store.ts'
import { addUser, toApiUser } from '../user-store.ts'

export const CreateUser = iam.write('CreateUser', {
  access: (input, { scope }) => ({
    action: 'iam:CreateUser',
    resources: [entityArn(scope.account, 'user', input.Path ?? '/', input.UserName)],
    context: conditions(input),
  }),

  async handle(input, call) {
    const { account } = call.scope
    const boundary = input.PermissionsBoundary
    if (boundary !== undefined && !(await findPolicy(call.db, account, boundary))) throw policyNotFound(boundary)
    const user = await addUser(call.db, {
      account,
      id: newEntityId(call.ids, 'user'),
      name: input.UserName,
      path: input.Path ?? '/',
      createdAt: call.now,
      tags: withTags([], input.Tags),
    })
    if (boundary !== undefined) await setBoundary(call.db, account, 'user', user.id, boundary)
    return {
      User: {
        ...toApiUser(user),
        ...(boundary !== undefined && { PermissionsBoundary: boundaryShown(boundary) }),
        ...(user.tags.length > 0 && { Tags: [...user.tags] }),
      },
    }
  },
})

function conditions({ PermissionsBoundary, Tags }: CreateUserRequest): Record<string, string | string[]> {
  return { ...requestTags(Tags), ...(PermissionsBoundary && { 'iam:PermissionsBoundary': PermissionsBoundary }) }
}
