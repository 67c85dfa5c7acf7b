import { requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { streamArn } from '../names.ts'
import { putEvents, sequenceToken } from '../put-events.ts'
import { requireStream } from '../stream-store.ts'

/** Sequence tokens are taken and not looked at, as AWS does since 2023. */
export const PutLogEvents = logs.write('PutLogEvents', {
  access: (input, call) => ({
    action: 'logs:PutLogEvents',
    resources: [streamArn(call.scope, input.logGroupName, input.logStreamName)],
  }),

  async handle({ logGroupName, logStreamName, logEvents }, call) {
    const group = await requireGroup(call.db, call.scope, logGroupName)
    const stream = await requireStream(call.db, group.id, logStreamName)
    const rejectedLogEventsInfo = await putEvents(call, group, stream, logEvents)
    return { nextSequenceToken: sequenceToken(stream, call.now), rejectedLogEventsInfo }
  },
})
