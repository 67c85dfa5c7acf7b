import type { Tag } from '@steward/model/generated/sns.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { noSuchTopic } from './errors.ts'
import type { SubscriptionRow, TopicRow, TopicTables } from './tables.ts'

export function findTopic(reader: Reader, { account, region }: Scope, name: string): Promise<TopicRow | undefined> {
  return tables<TopicTables>(reader)
    .selectFrom('topic')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Throws `NotFound`. */
export async function requireTopic(reader: Reader, scope: Scope, name: string): Promise<TopicRow> {
  const topic = await findTopic(reader, scope, name)
  if (!topic) throw noSuchTopic()
  return topic
}

/** Names of topics in order, after `after`. */
export async function listTopics(
  reader: Reader,
  { account, region }: Scope,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await tables<TopicTables>(reader)
    .selectFrom('topic')
    .select('name')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(({ name }) => name)
}

export async function saveTopic(tx: Tx, row: TopicRow): Promise<void> {
  const { account: _account, region: _region, name: _name, ...values } = row
  await tables<TopicTables>(tx)
    .insertInto('topic')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet(values))
    .execute()
}

/** Deletes the topic with its tags; its subscriptions are the caller's. */
export async function deleteTopic(tx: Tx, { account, region }: Scope, name: string): Promise<void> {
  const db = tables<TopicTables>(tx)
  await db
    .deleteFrom('topic')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .execute()
  await db
    .deleteFrom('topic_tag')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('topic', '=', name)
    .execute()
}

export async function tagsOf(reader: Reader, { account, region }: Scope, topic: string): Promise<Tag[]> {
  const rows = await tables<TopicTables>(reader)
    .selectFrom('topic_tag')
    .select(['key', 'value'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where('topic', '=', topic)
    .orderBy('key')
    .execute()
  return rows.map(({ key, value }) => ({ Key: key, Value: value }))
}

/** Replaces all tags of a topic. */
export async function setTags(tx: Tx, { account, region }: Scope, topic: string, tags: readonly Tag[]): Promise<void> {
  const db = tables<TopicTables>(tx)
  await db
    .deleteFrom('topic_tag')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('topic', '=', topic)
    .execute()
  if (tags.length === 0) return
  const rows = tags.map(({ Key, Value }) => ({ account, region, topic, key: Key, value: Value }))
  await db.insertInto('topic_tag').values(rows).execute()
}

export interface SubscriptionKey extends Scope {
  readonly topic: string
  readonly uid: string
}

export function findSubscription(reader: Reader, key: SubscriptionKey): Promise<SubscriptionRow | undefined> {
  return subscriptionsOf(reader, key, key.topic).where('uid', '=', key.uid).executeTakeFirst()
}

export function subscriptionsOf(reader: Reader, { account, region }: Scope, topic: string) {
  return allSubscriptions(reader, { account, region }).where('topic', '=', topic)
}

export function allSubscriptions(reader: Reader, { account, region }: Scope) {
  return tables<TopicTables>(reader)
    .selectFrom('topic_subscription')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
}

export async function addSubscription(tx: Tx, row: Omit<SubscriptionRow, 'seq'>): Promise<void> {
  await tables<TopicTables>(tx)
    .insertInto('topic_subscription')
    .values(row as SubscriptionRow)
    .execute()
}

export async function changeSubscription(
  tx: Tx,
  { seq }: SubscriptionRow,
  change: Partial<SubscriptionRow>,
): Promise<void> {
  await tables<TopicTables>(tx).updateTable('topic_subscription').set(change).where('seq', '=', seq).execute()
}

export async function deleteSubscription(tx: Tx, { seq }: SubscriptionRow): Promise<void> {
  await tables<TopicTables>(tx).deleteFrom('topic_subscription').where('seq', '=', seq).execute()
}
