import { dropDeliveries, makeDeliveries, queueDeliveries } from '#capabilities/events/index.ts'
import { tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { EnvelopeContent } from './envelope.ts'
import type { Publisher } from './publish.ts'
import { subscriptionArn } from './subscription.ts'
import type { SubscriptionRow, TopicTables } from './tables.ts'
import { topicArn } from './topic.ts'
import { changeSubscription } from './topic-store.ts'

const CONFIRM_WITHIN_MS = 2 * 86_400_000

/** What makes a subscription one that is to be confirmed. */
export function unconfirmed({ now, ids }: Pick<Publisher, 'now' | 'ids'>) {
  return { token: ids.hex(64), unconfirmed_until: new Date(now.getTime() + CONFIRM_WITHIN_MS).toISOString() }
}

/** Sends the endpoint the question whether it wants the topic's messages. */
export function askToConfirm(by: Publisher, subscription: Omit<SubscriptionRow, 'seq'>): Promise<void> {
  return ask(by, subscription, {
    Type: 'SubscriptionConfirmation',
    Message:
      `You have chosen to subscribe to the topic ${topicArn(subscription, subscription.topic)}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
  })
}

/**
 * Ends a subscription of which nobody has proven that it may, and tells the endpoint, which can have it back by confirming it
 * again. Until then it is one that was never confirmed, and is forgotten like one.
 */
export async function suspend(by: Publisher, subscription: SubscriptionRow): Promise<void> {
  const change = unconfirmed(by)
  await changeSubscription(by.db, subscription, change)
  await ask(
    by,
    { ...subscription, ...change },
    {
      Type: 'UnsubscribeConfirmation',
      Message:
        `You have chosen to deactivate subscription ${subscriptionArn(subscription)}.\n` +
        'To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.',
    },
  )
}

async function ask(
  { db, now, ids, wake }: Publisher,
  subscription: Omit<SubscriptionRow, 'seq'>,
  { Type, Message }: Pick<EnvelopeContent, 'Type' | 'Message'>,
): Promise<void> {
  const arn = topicArn(subscription, subscription.topic)
  const content: EnvelopeContent = {
    Type,
    MessageId: ids.uuid(),
    Token: subscription.token,
    TopicArn: arn,
    Message,
    Timestamp: now.toISOString(),
  }
  const targetArn = subscriptionArn(subscription)
  // One question at a time, and no messages behind it.
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
