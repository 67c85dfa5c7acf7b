import type { Call } from '#kernel/declare.ts'
import { DELIVERY_POLICY_OF_SUBSCRIPTIONS } from '../delivery-policy.ts'
import { invalidParameter, noSuchSubscription } from '../errors.ts'
import { sns } from '../sns.ts'
import {
  attributesOf,
  checkAttribute,
  checkFilter,
  kept,
  parseSubscriptionArn,
  shownAttributes,
  subscriptionArn,
} from '../subscription.ts'
import type { SubscriptionRow } from '../tables.ts'
import { topicArn } from '../topic.ts'
import { changeSubscription, findSubscription } from '../topic-store.ts'

export const GetSubscriptionAttributes = sns.read('GetSubscriptionAttributes', {
  access: (input) => ({ action: 'sns:GetSubscriptionAttributes', resources: [input.SubscriptionArn] }),

  async handle({ SubscriptionArn }, call) {
    const row = await requireSubscription(SubscriptionArn, call)
    return {
      Attributes: {
        SubscriptionArn: subscriptionArn(row),
        TopicArn: topicArn(row, row.topic),
        Owner: row.account,
        Protocol: row.protocol,
        Endpoint: row.endpoint,
        SubscriptionPrincipal: row.principal,
        PendingConfirmation: String(row.unconfirmed_until !== null),
        ConfirmationWasAuthenticated: String(row.confirmed_signed === 1),
        ...(row.protocol.startsWith('http') && { EffectiveDeliveryPolicy: DELIVERY_POLICY_OF_SUBSCRIPTIONS }),
        ...shownAttributes(row),
      },
    }
  },
})

export const SetSubscriptionAttributes = sns.write('SetSubscriptionAttributes', {
  access: (input) => ({ action: 'sns:SetSubscriptionAttributes', resources: [input.SubscriptionArn] }),

  async handle({ SubscriptionArn, AttributeName, AttributeValue = '' }, call) {
    const row = await requireSubscription(SubscriptionArn, call)
    checkAttribute(row.protocol, AttributeName, AttributeValue)
    const attributes = { ...attributesOf(row), [AttributeName]: AttributeValue }
    checkFilter(attributes)
    await changeSubscription(call.db, row, { attributes: JSON.stringify(kept(attributes)) })
    return {}
  },
})

async function requireSubscription(arn: string, { db, scope }: Call): Promise<SubscriptionRow> {
  const key = parseSubscriptionArn(arn)
  if (!key) throw invalidParameter('SubscriptionArn')
  const here = key.account === scope.account && key.region === scope.region
  const row = here ? await findSubscription(db, key) : undefined
  if (!row) throw noSuchSubscription()
  return row
}
