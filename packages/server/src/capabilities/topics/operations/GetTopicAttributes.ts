import { DELIVERY_POLICY_OF_TOPICS } from '../delivery-policy.ts'
import { sns } from '../sns.ts'
import { attributesOf, defaultPolicy, topicArn, topicNamed } from '../topic.ts'
import { requireTopic, subscriptionsOf } from '../topic-store.ts'

export const GetTopicAttributes = sns.read('GetTopicAttributes', {
  access: (input) => ({ action: 'sns:GetTopicAttributes', resources: [input.TopicArn] }),

  async handle({ TopicArn }, call) {
    const name = topicNamed(call.scope, TopicArn)
    const topic = await requireTopic(call.db, call.scope, name)
    const subscriptions = await subscriptionsOf(call.db, call.scope, name).execute()
    const confirmed = subscriptions.filter(({ unconfirmed_until }) => unconfirmed_until === null).length
    return {
      Attributes: {
        TopicArn: topicArn(call.scope, name),
        Owner: topic.account,
        Policy: topic.policy ?? defaultPolicy(call.scope, name),
        DisplayName: '',
        EffectiveDeliveryPolicy: DELIVERY_POLICY_OF_TOPICS,
        SubscriptionsConfirmed: String(confirmed),
        SubscriptionsPending: String(subscriptions.length - confirmed),
        SubscriptionsDeleted: String(topic.deleted_subscriptions),
        ...attributesOf(topic),
      },
    }
  },
})
