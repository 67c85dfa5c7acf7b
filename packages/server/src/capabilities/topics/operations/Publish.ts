import { invalidParameter, notBuilt } from '../errors.ts'
import { toMessage } from '../message.ts'
import { publish } from '../publish.ts'
import { sns } from '../sns.ts'
import { topicNamed } from '../topic.ts'
import { requireTopic } from '../topic-store.ts'

export const Publish = sns.write('Publish', {
  access: (input) => ({ action: 'sns:Publish', resources: [input.TopicArn || input.TargetArn || '*'] }),

  async handle(input, call) {
    if (input.PhoneNumber) throw notBuilt('PhoneNumber', 'Text messages are')
    const arn = input.TopicArn ?? input.TargetArn
    if (arn === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter')
    if (/^arn:[^:]*:sns:[^:]*:\d{12}:endpoint\//.test(arn))
      throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified')
    const name = topicNamed(call.scope, arn, input.TopicArn === undefined ? 'TargetArn' : 'TopicArn')
    const topic = await requireTopic(call.db, call.scope, name)
    return { MessageId: await publish(call, topic, toMessage(input)) }
  },
})
