import type { Tag } from '@steward/model/generated/ssm.ts'
import {
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type Kysely,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import { inserter, statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidResourceId } from './errors.ts'
import type { TaggableTable, TagTables } from './tables.ts'
import { type Resource, type TagFilter, type TaggedType, withTags } from './tag.ts'

const insertTaggable = inserter<TagTables>('taggable')

/**
 * Says that a resource exists, from now on until {@link removeResource}, and gives it its first tags. Its owner calls it
 * in the transaction that creates the resource; without it the resource cannot be tagged.
 */
export async function addResource(tx: Tx, scope: Scope, resource: Resource, tags: readonly Tag[] = []): Promise<void> {
  await insertTaggable(tx, { ...rowOf(scope, resource), was_tagged: tags.length > 0 ? 1 : 0 })
  await insertTags(tx, scope, resource, withTags(resource.type, [], tags))
}

/** Says that a resource is gone, and its tags with it. Harmless if it was never there. */
export async function removeResource(tx: Tx, scope: Scope, resource: Resource): Promise<void> {
  const db = tables<TagTables>(tx)
  await db.deleteFrom('tag').where(ofResource(scope, resource)).execute()
  await db.deleteFrom('taggable').where(ofResource(scope, resource)).execute()
}

/** Puts tags on a resource; a present key gets the new value. Throws `InvalidResourceId`, `TooManyTagsError`. */
export async function putTags(tx: Tx, scope: Scope, resource: Resource, tags: readonly Tag[]): Promise<void> {
  await mustExist(tx, scope, resource)
  const all = withTags(resource.type, await tagsOf(tx, scope, resource), tags)
  await tables<TagTables>(tx).deleteFrom('tag').where(ofResource(scope, resource)).execute()
  await insertTags(tx, scope, resource, all)
  const marked = tables<TagTables>(tx).updateTable('taggable').set({ was_tagged: 1 }).where(ofResource(scope, resource))
  await marked.where('was_tagged', '=', 0).execute()
}

/** Takes tags off a resource; keys that it does not carry are no fault. Throws `InvalidResourceId`. */
export async function removeTags(tx: Tx, scope: Scope, resource: Resource, keys: readonly string[]): Promise<void> {
  await mustExist(tx, scope, resource)
  if (keys.length === 0) return
  await tables<TagTables>(tx).deleteFrom('tag').where(ofResource(scope, resource)).where('key', 'in', keys).execute()
}

/** The tags of a resource in order of their keys; none if there is no such resource. */
export async function tagsOf(reader: Reader, scope: Scope, resource: Resource): Promise<Tag[]> {
  return (await tagsOfEach(reader, scope, resource.type, [resource.id])).get(resource.id) ?? []
}

/** The tags of several resources of one type by id; resources without tags are not in the map. */
export async function tagsOfEach(
  reader: Reader,
  scope: Scope,
  type: TaggedType,
  ids: readonly string[],
): Promise<Map<string, Tag[]>> {
  const tags = new Map<string, Tag[]>()
  if (ids.length === 0) return tags
  const rows = await tables<TagTables>(reader)
    .selectFrom('tag')
    .select(['resource_id', 'key', 'value'])
    .where(ofType(scope, type))
    .where('resource_id', 'in', ids)
    .orderBy('key')
    .execute()
  for (const { resource_id, key, value } of rows) {
    const tag = { Key: key, Value: value }
    const known = tags.get(resource_id)
    if (known) known.push(tag)
    else tags.set(resource_id, [tag])
  }
  return tags
}

const tagsOfType = statement((db: Kysely<TagTables>, account: string, region: string, type: TaggedType) =>
  db
    .selectFrom('tag')
    .select(['resource_id', 'key', 'value'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where('resource_type', '=', type)
    .orderBy('resource_id')
    .orderBy('key'),
)

/** All tags of each resource of a type as one text, for those who look for changes: equal texts mean equal tags. */
export async function tagTexts(
  reader: Reader,
  { account, region }: Scope,
  type: TaggedType,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const { resource_id, key, value } of await tagsOfType(reader, account, region, type))
    texts.set(resource_id, `${texts.get(resource_id) ?? ''}${key.length} ${key}${value.length} ${value}`)
  return texts
}

/** Throws `InvalidResourceId` unless the resource exists. */
export async function mustExist(reader: Reader, scope: Scope, resource: Resource): Promise<void> {
  const row = await tables<TagTables>(reader)
    .selectFrom('taggable')
    .select('resource_id')
    .where(ofResource(scope, resource))
    .executeTakeFirst()
  if (!row) throw invalidResourceId()
}

/**
 * A condition for another capability's query: the resource whose id is `id` carries the tags that all of `filters` ask for.
 * So a list is filtered by tag in the one query that pages it.
 */
export function isTagged(
  scope: Scope,
  type: TaggedType,
  id: Expression<string>,
  filters: readonly TagFilter[],
): Expression<SqlBool> {
  const eb = expressionBuilder<TagTables>()
  return eb.and(
    filters.map((filter) => {
      const ids = eb.selectFrom('tag').select('tag.resource_id').where(ofType(scope, type)).where(matches(filter))
      return eb(id, 'in', ids)
    }),
  )
}

/** A condition for another capability's query: one of the tags of the resource with this id has the text in it, written `key=value`. */
export function hasTagText(scope: Scope, type: TaggedType, id: Expression<string>, text: string): Expression<SqlBool> {
  const eb = expressionBuilder<TagTables>()
  const ids = eb
    .selectFrom('tag')
    .select('tag.resource_id')
    .where(ofType(scope, type))
    .where(hasText(sql`lower(tag.key || '=' || tag.value)`, text.toLowerCase()))
  return eb(id, 'in', ids)
}

/** For another capability's query, to join or to look in: `resource_id` and `value` of all resources of a type that carry a tag. */
export function tagValues(scope: Scope, type: TaggedType, key: string): RawBuilder<unknown> {
  const query = expressionBuilder<TagTables>()
    .selectFrom('tag')
    .select(['tag.resource_id', 'tag.value'])
    .where(ofType(scope, type))
    .where('tag.key', '=', key)
  return sql`${query}`
}

/** The same for all tags: `resource_id`, and as `value` the key. */
export function tagKeys(scope: Scope, type: TaggedType): RawBuilder<unknown> {
  const query = expressionBuilder<TagTables>()
    .selectFrom('tag')
    .select(['tag.resource_id', 'tag.key as value'])
    .where(ofType(scope, type))
  return sql`${query}`
}

/** The condition that a row of `tag`, or of another name that it has in the query, is what the filter asks for. */
export function matches(filter: TagFilter, table = 'tag'): RawBuilder<SqlBool> {
  const key = sql.ref(`${table}.key`)
  const value = sql.ref(`${table}.value`)
  if ('keys' in filter) return sql`${key} in (${sql.join(filter.keys)})`
  if ('values' in filter) return sql`${key} = ${filter.key} and ${value} in (${sql.join(filter.values)})`
  const begins = filter.beginnings.map((text) => sql`substr(${value}, 1, ${[...text].length}) = ${text}`)
  return sql`${key} = ${filter.key} and (${sql.join(begins, sql` or `)})`
}

async function insertTags(tx: Tx, scope: Scope, resource: Resource, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return
  const rows = tags.map(({ Key, Value }) => ({ ...rowOf(scope, resource), key: Key, value: Value }))
  await tables<TagTables>(tx).insertInto('tag').values(rows).execute()
}

function rowOf({ account, region }: Scope, { type, id }: Resource): TaggableTable {
  return { account, region, resource_type: type, resource_id: id }
}

export function ofType(scope: Scope, type: TaggedType) {
  return (eb: ExpressionBuilder<TagTables, keyof TagTables>) =>
    eb.and([eb('account', '=', scope.account), eb('region', '=', scope.region), eb('resource_type', '=', type)])
}

function ofResource(scope: Scope, { type, id }: Resource) {
  return (eb: ExpressionBuilder<TagTables, keyof TagTables>) =>
    eb.and([ofType(scope, type)(eb), eb('resource_id', '=', id)])
}
