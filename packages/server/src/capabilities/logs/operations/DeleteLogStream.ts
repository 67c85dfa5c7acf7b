import { expireEvents } from '../expire-events.ts'
import { requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { streamArn } from '../names.ts'
import { deleteStream, requireStream } from '../stream-store.ts'

export const DeleteLogStream = logs.write('DeleteLogStream', {
  access: (input, call) => ({
    action: 'logs:DeleteLogStream',
    resources: [streamArn(call.scope, input.logGroupName, input.logStreamName)],
  }),

  async handle({ logGroupName, logStreamName }, call) {
    const { id } = await requireGroup(call.db, call.scope, logGroupName)
    await deleteStream(call.db, await requireStream(call.db, id, logStreamName))
    call.wake(expireEvents)
    return {}
  },
})
