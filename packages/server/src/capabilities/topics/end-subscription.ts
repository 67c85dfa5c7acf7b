import { dropDeliveries } from '#capabilities/events/index.ts'
import type { Tx } from '#db/database.ts'
import { subscriptionArn } from './subscription.ts'
import type { SubscriptionRow } from './tables.ts'
import { deleteSubscription } from './topic-store.ts'

/** Deletes a subscription with what is still on its way to it. */
export async function endSubscription(tx: Tx, subscription: SubscriptionRow): Promise<void> {
  await deleteSubscription(tx, subscription)
  await dropDeliveries(tx, subscriptionArn(subscription))
}
