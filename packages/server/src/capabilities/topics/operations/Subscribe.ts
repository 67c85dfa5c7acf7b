import { askToConfirm, unconfirmed } from '../confirmation.ts'
import { invalidParameter, ofAttributes } from '../errors.ts'
import { sns } from '../sns.ts'
import { agree, checkAttribute, checkEndpoint, checkFilter, kept, subscriptionArn } from '../subscription.ts'
import { topicNamed } from '../topic.ts'
import { addSubscription, requireTopic, subscriptionsOf } from '../topic-store.ts'

const PENDING = 'pending confirmation'

/** Subscribes an endpoint, which is asked to confirm that. Asking again sends the question again. */
export const Subscribe = sns.write('Subscribe', {
  access: (input) => ({
    action: 'sns:Subscribe',
    resources: [input.TopicArn],
    context: { 'sns:Protocol': input.Protocol, ...(input.Endpoint && { 'sns:Endpoint': input.Endpoint }) },
  }),

  async handle({ TopicArn, Protocol, Endpoint, Attributes = {}, ReturnSubscriptionArn = false }, call) {
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    const protocol = checkEndpoint(Protocol, Endpoint, call.features.mail)
    try {
      for (const [name, value] of Object.entries(Attributes)) checkAttribute(protocol, name, value)
      checkFilter(Attributes)
    } catch (error) {
      throw ofAttributes(error)
    }
    const attributes = kept(Attributes)
    const present = await subscriptionsOf(call.db, call.scope, topic.name)
      .where('protocol', '=', protocol)
      .where('endpoint', '=', Endpoint!)
      .executeTakeFirst()
    if (present) {
      if (!agree(attributes, present))
        throw invalidParameter('Attributes Reason: Subscription already exists with different attributes')
      const isConfirmed = present.unconfirmed_until === null
      if (!isConfirmed) await askToConfirm(call, present)
      return { SubscriptionArn: isConfirmed || ReturnSubscriptionArn ? subscriptionArn(present) : PENDING }
    }
    const { account, region } = call.scope
    const subscription = {
      account,
      region,
      topic: topic.name,
      uid: call.ids.uuid(),
      protocol,
      endpoint: Endpoint!,
      principal: call.principal.arn,
      ...unconfirmed(call),
      confirmed_signed: 0,
      signed_unsubscribe: 0,
      attributes: JSON.stringify(attributes),
    }
    await addSubscription(call.db, subscription)
    await askToConfirm(call, subscription)
    return { SubscriptionArn: ReturnSubscriptionArn ? subscriptionArn(subscription) : PENDING }
  },
})
