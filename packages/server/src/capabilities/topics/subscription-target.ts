import type { Delivery, DeliveryTarget, TaskContext } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { type EnvelopeContent, type SignedWith, signedEnvelope, subscribeUrl, unsubscribeUrl } from './envelope.ts'
import { attributesOf, parseSubscriptionArn } from './subscription.ts'
import type { SubscriptionRow, TopicRow } from './tables.ts'
import { attributesOf as topicAttributesOf } from './topic.ts'
import { findSubscription, findTopic } from './topic-store.ts'

/** Subscriptions: messages of topics over HTTP and as mail. */
export const subscriptionTarget: DeliveryTarget = {
  kind: 'remote',
  serves: (arn) => parseSubscriptionArn(arn) !== undefined,
  async deliver(delivery, context) {
    const found = await look(delivery, context)
    // Whoever unsubscribed in the meantime gets nothing any more.
    if (!found) return
    const content = completed(JSON.parse(delivery.payload) as EnvelopeContent, context)
    const by: SignedWith = {
      signer: context.messages.signer,
      publicUrl: context.messages.publicUrl(),
      version: topicAttributesOf(found.topic).SignatureVersion === '2' ? '2' : '1',
      subscriptionArn: delivery.targetArn,
    }
    if (found.subscription.protocol.startsWith('http')) await post(found.subscription, content, by, context)
    else await mail(found, content, by, context)
  },
}

interface Found {
  readonly subscription: SubscriptionRow
  readonly topic: TopicRow
}

async function look({ targetArn }: Delivery, { read }: TaskContext): Promise<Found | undefined> {
  const key = parseSubscriptionArn(targetArn)!
  return read(async (reader) => {
    const subscription = await findSubscription(reader, key)
    const topic = subscription && (await findTopic(reader, key, key.topic))
    return topic && { subscription, topic }
  })
}

/** Where this server is reached is known only now. */
function completed(content: EnvelopeContent, { messages }: TaskContext): EnvelopeContent {
  const { Token, TopicArn } = content
  return Token ? { ...content, SubscribeURL: subscribeUrl(messages.publicUrl(), TopicArn, Token) } : content
}

async function post(
  subscription: SubscriptionRow,
  content: EnvelopeContent,
  by: SignedWith,
  { outbound, signal }: TaskContext,
): Promise<void> {
  const isRaw = content.Type === 'Notification' && attributesOf(subscription).RawMessageDelivery === 'true'
  const isNew = content.Type === 'SubscriptionConfirmation'
  const { status, retryAfterSeconds } = await outbound.send(
    {
      method: 'POST',
      url: subscription.endpoint,
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': content.Type,
        'x-amz-sns-message-id': content.MessageId,
        'x-amz-sns-topic-arn': content.TopicArn,
        ...(!isNew && { 'x-amz-sns-subscription-arn': by.subscriptionArn }),
        ...(isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
      },
      body: isRaw ? content.Message : await signedEnvelope(content, by),
    },
    signal,
  )
  if (status >= 200 && status < 300) return
  throw new DeliveryFailed(`HTTP_${status}`, `${new URL(subscription.endpoint).host} answered with status ${status}.`, {
    retry: status >= 500 || status === 429,
    retryAfterSeconds,
  })
}

const SUBJECTS = {
  Notification: 'Notification Message',
  SubscriptionConfirmation: 'Subscription Confirmation',
  UnsubscribeConfirmation: 'Unsubscribe Confirmation',
} as const

async function mail(
  { subscription, topic }: Found,
  content: EnvelopeContent,
  by: SignedWith,
  { messages }: TaskContext,
): Promise<void> {
  if (!messages.mail)
    throw new DeliveryFailed('NO_MAIL_SERVER', 'This server has no mail server: STEWARD_SMTP_URL is not set.', {
      retry: true,
    })
  const name = topicAttributesOf(topic).DisplayName || topic.name
  const asked = content.Type !== 'Notification'
  const subject = content.Subject ?? `${name} - ${SUBJECTS[content.Type]}`
  const text =
    subscription.protocol === 'email-json'
      ? await signedEnvelope(content, by)
      : asked
        ? `${content.Message}\n\n${content.SubscribeURL}\n`
        : `${content.Message}\n\n--\nTo get no more of these: ${unsubscribeUrl(by.publicUrl, by.subscriptionArn)}\n`
  await messages.mail.send({ to: subscription.endpoint, subject, text })
}
