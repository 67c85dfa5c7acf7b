import { dropDeliveries, makeDeliveries, queueDeliveries } from '#capabilities/events/index.ts'
import { tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { EnvelopeContent } from './envelope.ts'
import type { Publisher } from './publish.ts'
import { subscriptionArn } from './subscription.ts'
import type { SubscriptionRow, TopicTables } from './tables.ts'
import { topicArn } from './topic.ts'

/** Sends the endpoint the question whether it wants the topic's messages. */
export async function askToConfirm(
  { db, now, ids, wake }: Publisher,
  subscription: Omit<SubscriptionRow, 'seq'>,
): Promise<void> {
  const arn = topicArn(subscription, subscription.topic)
  const content: EnvelopeContent = {
    Type: 'SubscriptionConfirmation',
    MessageId: ids.uuid(),
    Token: subscription.token,
    TopicArn: arn,
    Message:
      `You have chosen to subscribe to the topic ${arn}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
    Timestamp: now.toISOString(),
  }
  const targetArn = subscriptionArn(subscription)
  // One question at a time.
  await dropDeliveries(db, targetArn)
  await queueDeliveries(db, subscription, now, ids, [
    { targetArn, sourceArn: arn, eventId: content.MessageId, payload: JSON.stringify(content), about: 'confirmation' },
  ])
  wake(makeDeliveries)
}

/** Forgets subscriptions that nobody confirmed in time. */
export const forgetUnconfirmed = task({
  name: 'topics.forget-unconfirmed',
  everyMs: 60_000,
  async run({ write, now }: TaskContext) {
    const { numDeletedRows } = await write((tx) =>
      tables<TopicTables>(tx)
        .deleteFrom('topic_subscription')
        .where('unconfirmed_until', '<=', now().toISOString())
        .executeTakeFirstOrThrow(),
    )
    return { forgotten: Number(numDeletedRows) }
  },
})
