import type { Subscription } from '@steward/model/generated/sns.ts'
import type { Call } from '#kernel/declare.ts'
import { sns } from '../sns.ts'
import { subscriptionArn } from '../subscription.ts'
import type { SubscriptionRow } from '../tables.ts'
import { topicArn, topicNamed } from '../topic.ts'
import { allSubscriptions, requireTopic, subscriptionsOf } from '../topic-store.ts'

const PAGE_SIZE = 100

export const ListSubscriptions = sns.read('ListSubscriptions', {
  access: () => ({ action: 'sns:ListSubscriptions', resources: ['*'] }),
  handle: (_input, call) => page(allSubscriptions(call.db, call.scope), call),
})

export const ListSubscriptionsByTopic = sns.read('ListSubscriptionsByTopic', {
  access: (input) => ({ action: 'sns:ListSubscriptionsByTopic', resources: [input.TopicArn] }),

  async handle({ TopicArn }, call) {
    const { name } = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    return page(subscriptionsOf(call.db, call.scope, name), call)
  },
})

async function page(query: ReturnType<typeof allSubscriptions>, call: Call) {
  const rows = await query
    .where('seq', '>', call.cursor<number>() ?? 0)
    .orderBy('seq')
    .limit(PAGE_SIZE + 1)
    .execute()
  const shown = rows.slice(0, PAGE_SIZE)
  const next = rows.length > PAGE_SIZE ? shown.at(-1)!.seq : undefined
  return { Subscriptions: shown.map(toApiSubscription), NextToken: call.nextToken(next) }
}

function toApiSubscription(row: SubscriptionRow): Subscription {
  return {
    SubscriptionArn: row.unconfirmed_until === null ? subscriptionArn(row) : 'PendingConfirmation',
    Owner: row.account,
    Protocol: row.protocol,
    Endpoint: row.endpoint,
    TopicArn: topicArn(row, row.topic),
  }
}
