import { invalidParameter, notBuilt } from '../errors.ts'
import { toMessage } from '../message.ts'
import { publish } from '../publish.ts'
import { sns } from '../sns.ts'
import { topicNamed } from '../topic.ts'
import { requireTopic } from '../topic-store.ts'

export const Publish = sns.write('Publish', {
  access: (input) => ({ action: 'sns:Publish', resources: [input.TopicArn ?? input.TargetArn ?? '*'] }),

  async handle(input, call) {
    if (input.PhoneNumber) throw notBuilt('PhoneNumber', 'Text messages are')
    const arn = input.TopicArn ?? input.TargetArn
    if (!arn) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter')
    const name = topicNamed(call.scope, arn, input.TopicArn ? 'TopicArn' : 'TargetArn')
    const topic = await requireTopic(call.db, call.scope, name)
    return { MessageId: await publish(call, topic, toMessage(input)) }
  },
})
