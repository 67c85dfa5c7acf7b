import { changeGroup, requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { groupResource, nameIn } from '../names.ts'

export const PutLogGroupDeletionProtection = logs.write('PutLogGroupDeletionProtection', {
  access: (input, call) => ({
    action: 'logs:PutLogGroupDeletionProtection',
    resources: [groupResource(call.scope, nameIn(input.logGroupIdentifier))],
  }),

  async handle({ logGroupIdentifier, deletionProtectionEnabled }, call) {
    const group = await requireGroup(call.db, call.scope, nameIn(logGroupIdentifier))
    await changeGroup(call.db, group, { deletion_protected: deletionProtectionEnabled ? 1 : 0 })
    return {}
  },
})
