import type { Protocol } from './subscription.ts'

export interface TopicTables {
  topic: TopicRow
  topic_tag: TopicTagRow
  topic_subscription: SubscriptionRow
}

export interface TopicRow {
  account: string
  region: string
  name: string
  /** JSON: attributes that were set, but the policy. */
  attributes: string
  /** The topic's own policy; null while it is the default one. */
  policy: string | null
  created_at: string
  /** Confirmed subscriptions that were deleted. */
  deleted_subscriptions: number
}

export interface TopicTagRow {
  account: string
  region: string
  topic: string
  key: string
  value: string
}

export interface SubscriptionRow {
  seq: number
  account: string
  region: string
  topic: string
  uid: string
  protocol: Protocol
  endpoint: string
  /** ARN of who subscribed. */
  principal: string
  /** What confirms it. */
  token: string
  /** When it is forgotten unless it is confirmed; null once it is. */
  unconfirmed_until: string | null
  /** 1 if a signed request confirmed it. */
  confirmed_signed: number
  /** 1 if only a signed request may end it. */
  signed_unsubscribe: number
  /** JSON: attributes that were set. */
  attributes: string
}
