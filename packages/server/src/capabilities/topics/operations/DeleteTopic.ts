import { endSubscription } from '../end-subscription.ts'
import { sns } from '../sns.ts'
import { topicNamed } from '../topic.ts'
import { deleteTopic, subscriptionsOf } from '../topic-store.ts'

/** Deletes the topic and its subscriptions. Deleting what is not there is no error. */
export const DeleteTopic = sns.write('DeleteTopic', {
  access: (input) => ({ action: 'sns:DeleteTopic', resources: [input.TopicArn] }),

  async handle({ TopicArn }, call) {
    const name = topicNamed(call.scope, TopicArn)
    const subscriptions = await subscriptionsOf(call.db, call.scope, name).execute()
    for (const subscription of subscriptions) await endSubscription(call.db, subscription)
    await deleteTopic(call.db, call.scope, name)
    return {}
  },
})
