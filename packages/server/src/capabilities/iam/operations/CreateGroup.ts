import { entityArn, newEntityId } from '../entity.ts'
import { addGroup, toApiGroup } from '../group-store.ts'
import { iam } from '../iam.ts'

export const CreateGroup = iam.write('CreateGroup', {
  access: (input, { scope }) => ({
    action: 'iam:CreateGroup',
    resources: [entityArn(scope.account, 'group', input.Path ?? '/', input.GroupName)],
  }),

  async handle(input, call) {
    const group = await addGroup(call.db, {
      account: call.scope.account,
      id: newEntityId(call.ids, 'group'),
      name: input.GroupName,
      path: input.Path ?? '/',
      createdAt: call.now,
    })
    return { Group: toApiGroup(group) }
  },
})
