import { streamExists } from '../errors.ts'
import { requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { streamArn } from '../names.ts'
import { addStream, findStream } from '../stream-store.ts'

export const CreateLogStream = logs.write('CreateLogStream', {
  access: (input, call) => ({
    action: 'logs:CreateLogStream',
    resources: [streamArn(call.scope, input.logGroupName, input.logStreamName)],
  }),

  async handle({ logGroupName, logStreamName }, call) {
    const { id } = await requireGroup(call.db, call.scope, logGroupName)
    if (await findStream(call.db, id, logStreamName)) throw streamExists()
    await addStream(call.db, id, logStreamName, call.now)
    return {}
  },
})
