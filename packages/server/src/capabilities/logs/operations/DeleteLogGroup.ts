import { deletionProtected } from '../errors.ts'
import { expireEvents } from '../expire-events.ts'
import { deleteGroup, requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { groupResource } from '../names.ts'

export const DeleteLogGroup = logs.write('DeleteLogGroup', {
  access: (input, call) => ({
    action: 'logs:DeleteLogGroup',
    resources: [groupResource(call.scope, input.logGroupName)],
  }),

  async handle({ logGroupName }, call) {
    const group = await requireGroup(call.db, call.scope, logGroupName)
    if (group.deletion_protected) throw deletionProtected()
    await deleteGroup(call.db, group)
    call.wake(expireEvents)
    return {}
  },
})
