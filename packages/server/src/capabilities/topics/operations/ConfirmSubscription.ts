import { ApiError } from '#kernel/api-error.ts'
import { invalidParameter } from '../errors.ts'
import { sns } from '../sns.ts'
import { subscriptionArn } from '../subscription.ts'
import { parseTopicArn } from '../topic.ts'
import { changeSubscription, subscriptionsOf } from '../topic-store.ts'

/** Whoever has the token was asked, so it needs no signature. Doing it twice, as programs that look at mail do, is no error. */
export const ConfirmSubscription = sns.write('ConfirmSubscription', {
  authentication: 'optional',
  access: (input) => ({ action: 'sns:ConfirmSubscription', resources: [input.TopicArn] }),

  async handle({ TopicArn, Token, AuthenticateOnUnsubscribe = 'false' }, call) {
    const { name, ...scope } = parseTopicArn(TopicArn)
    if (!/^[0-9a-f]+$/.test(Token)) throw new ApiError('InvalidParameter', 'Invalid token')
    const subscription = await subscriptionsOf(call.db, scope, name).where('token', '=', Token).executeTakeFirst()
    if (!subscription) throw invalidParameter('Token')
    if (subscription.unconfirmed_until === null) return { SubscriptionArn: subscriptionArn(subscription) }
    const signed = call.principal.kind === 'anonymous' ? 0 : 1
    await changeSubscription(call.db, subscription, {
      unconfirmed_until: null,
      confirmed_signed: signed,
      signed_unsubscribe: signed && /^true$/i.test(AuthenticateOnUnsubscribe) ? 1 : 0,
    })
    return { SubscriptionArn: subscriptionArn(subscription) }
  },
})
