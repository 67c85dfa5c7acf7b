/** The act of publishing: a delivery to each subscription that wants the message, in the transaction of whoever publishes. */
import { makeDeliveries, queueDeliveries } from '#capabilities/events/index.ts'
import type { Tx } from '#db/database.ts'
import type { Task } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { EnvelopeContent } from './envelope.ts'
import { type Message, passes } from './message.ts'
import { attributesOf, subscriptionArn } from './subscription.ts'
import type { SubscriptionRow, TopicRow } from './tables.ts'
import { topicArn } from './topic.ts'
import { subscriptionsOf } from './topic-store.ts'

export interface Publisher {
  readonly db: Tx
  readonly now: Date
  readonly ids: Ids
  wake(task: Task): void
}

/** Returns the message's id. */
export async function publish({ db, now, ids, wake }: Publisher, topic: TopicRow, message: Message): Promise<string> {
  const messageId = ids.uuid()
  const arn = topicArn(topic, topic.name)
  const subscriptions = await subscriptionsOf(db, topic, topic.name).where('unconfirmed_until', 'is', null).execute()
  const deliveries = subscriptions
    .filter((row) => passes(message, attributesOf(row)))
    .map((row) => ({
      targetArn: subscriptionArn(row),
      sourceArn: arn,
      eventId: messageId,
      payload: JSON.stringify(contentFor(message, row, arn, messageId, now)),
      // Standard topics keep no order, so one that fails need not hold up others.
      about: messageId,
    }))
  await queueDeliveries(db, topic, now, ids, deliveries)
  wake(makeDeliveries)
  return messageId
}

function contentFor(
  message: Message,
  { protocol }: SubscriptionRow,
  arn: string,
  messageId: string,
  now: Date,
): EnvelopeContent {
  const attributes = Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    const Value = BinaryValue ? Buffer.from(BinaryValue).toString('base64') : (StringValue ?? '')
    return [name, { Type: DataType, Value }] as const
  })
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: arn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: message.text(protocol),
    Timestamp: now.toISOString(),
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  }
}
