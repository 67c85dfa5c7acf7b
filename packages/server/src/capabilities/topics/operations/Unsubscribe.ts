import { ApiError } from '#kernel/api-error.ts'
import { suspend } from '../confirmation.ts'
import { endSubscription } from '../end-subscription.ts'
import { invalidParameter } from '../errors.ts'
import { sns } from '../sns.ts'
import { parseSubscriptionArn } from '../subscription.ts'
import { findSubscription, requireTopic, saveTopic } from '../topic-store.ts'

/**
 * Needs no signature, since messages have a link to it, unless the subscription was confirmed otherwise. Without one it may be a
 * mistake, or somebody's joke: programs are told, and can come back.
 */
export const Unsubscribe = sns.write('Unsubscribe', {
  authentication: 'optional',
  access: ({ SubscriptionArn = '*' }) => ({ action: 'sns:Unsubscribe', resources: [SubscriptionArn] }),

  async handle({ SubscriptionArn }, call) {
    if (SubscriptionArn === undefined) throw invalidParameter('SubscriptionArn Reason: no value for required parameter')
    const key = parseSubscriptionArn(SubscriptionArn)
    if (!key) throw notAnArn(SubscriptionArn)
    const subscription = await findSubscription(call.db, key)
    if (!subscription) return {}
    const isSigned = call.principal.kind !== 'anonymous'
    if (subscription.signed_unsubscribe === 1 && !isSigned)
      throw new ApiError('AuthorizationError', 'Authentication is required to unsubscribe from this subscription')
    if (!isSigned && subscription.protocol !== 'email') {
      // It is told once, however often the link is opened.
      if (subscription.unconfirmed_until !== null) return {}
      await suspend(call, subscription)
    } else await endSubscription(call.db, subscription)
    const topic = await requireTopic(call.db, key, key.topic)
    await saveTopic(call.db, { ...topic, deleted_subscriptions: topic.deleted_subscriptions + 1 })
    return {}
  },
})

function notAnArn(text: string): ApiError {
  const elements = text.split(':').length
  if (elements >= 6) return invalidParameter('SubscriptionId')
  return invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${elements}`)
}
