import type { Tag } from '@steward/model/generated/events.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Access } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalid } from './errors.ts'
import type { EventTables } from './tables.ts'

const TAGS_PER_RESOURCE = 50

/** Puts tags on what the ARN names; a present key gets the new value. Throws `ValidationException` for too many or `aws:`. */
export async function putTags(tx: Tx, scope: Scope, arn: string, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw invalid(`Tag key ${reserved.Key} begins with aws:, which is reserved.`)
  const merged = new Map([...(await tagsOf(tx, scope, arn)), ...tags].map(({ Key, Value }) => [Key, Value]))
  if (merged.size > TAGS_PER_RESOURCE) throw invalid('The number of tags exceeds the limit of 50 tags for a resource.')
  await removeAllTags(tx, scope, arn)
  const { account, region } = scope
  const rows = [...merged].map(([key, value]) => ({ account, region, arn, key, value }))
  await tables<EventTables>(tx).insertInto('event_tag').values(rows).execute()
}

export async function tagsOf(reader: Reader, scope: Scope, arn: string): Promise<Tag[]> {
  const rows = await tables<EventTables>(reader)
    .selectFrom('event_tag')
    .select(['key', 'value'])
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('arn', '=', arn)
    .orderBy('key')
    .execute()
  return rows.map(({ key, value }) => ({ Key: key, Value: value }))
}

export async function removeTags(tx: Tx, scope: Scope, arn: string, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await ofResource(tx, scope, arn).where('key', 'in', keys).execute()
}

export async function removeAllTags(tx: Tx, scope: Scope, arn: string): Promise<void> {
  await ofResource(tx, scope, arn).execute()
}

function ofResource(tx: Tx, scope: Scope, arn: string) {
  return tables<EventTables>(tx)
    .deleteFrom('event_tag')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('arn', '=', arn)
}

/** What making something with tags demands beyond making it. */
export function taggingAccess(resources: readonly string[], tags: readonly Tag[] = []): Access[] {
  if (tags.length === 0) return []
  return [{ action: 'events:TagResource', resources, context: tagConditions(tags) }]
}

/** The condition keys of a request that hands in tags. */
export function tagConditions(tags: readonly Tag[] = []): Record<string, string | string[]> {
  const values = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]))
  return { 'aws:TagKeys': tags.map(({ Key }) => Key), ...values }
}
