import { sns } from '../sns.ts'
import { attributesOf, checkAttribute, isKept, topicNamed } from '../topic.ts'
import { requireTopic, saveTopic } from '../topic-store.ts'

export const SetTopicAttributes = sns.write('SetTopicAttributes', {
  access: (input) => ({ action: 'sns:SetTopicAttributes', resources: [input.TopicArn] }),

  async handle({ TopicArn, AttributeName, AttributeValue = '' }, call) {
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    await checkAttribute(call.db, AttributeName, AttributeValue)
    if (AttributeName === 'Policy') await saveTopic(call.db, { ...topic, policy: AttributeValue || null })
    else if (isKept(AttributeName)) {
      const attributes = JSON.stringify({ ...attributesOf(topic), [AttributeName]: AttributeValue })
      await saveTopic(call.db, { ...topic, attributes })
    }
    return {}
  },
})
