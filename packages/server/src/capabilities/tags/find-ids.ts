/** Searches among the resources whose tags are kept here. */
import { type RawBuilder, sql } from 'kysely'
import { type Reader, select, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { matches, ofType } from './store.ts'
import type { TagTables } from './tables.ts'
import type { TagFilter, TaggedType } from './tag.ts'
import type { TagSearch } from './tag-keeper.ts'

/** Ids in one statement: databases take only so many values at once. */
const AT_ONCE = 500

/** The ids of what the search finds, in order. */
export async function findIds(reader: Reader, scope: Scope, type: TaggedType, search: TagSearch): Promise<string[]> {
  const { ids, after, limit } = search
  if (!ids) return pageOfIds(reader, scope, type, search)
  const found: string[] = []
  const rest = ids.filter((id) => id > after).sort()
  for (let at = 0; at < rest.length && found.length < limit; at += AT_ONCE) {
    const some = { ...search, ids: rest.slice(at, at + AT_ONCE), limit: AT_ONCE }
    found.push(...(await pageOfIds(reader, scope, type, some)).sort())
  }
  return found.slice(0, limit)
}

function pageOfIds(reader: Reader, scope: Scope, type: TaggedType, search: TagSearch): Promise<string[]> {
  const [first, ...others] = search.filters
  return first ? carrying(reader, scope, type, first, others, search) : existing(reader, scope, type, search)
}

async function existing(reader: Reader, scope: Scope, type: TaggedType, search: TagSearch): Promise<string[]> {
  const { ids, untagged, after, limit } = search
  let query = tables<TagTables>(reader)
    .selectFrom('taggable')
    .select('resource_id')
    .where(ofType(scope, type))
    .where('resource_id', '>', after)
  if (ids) query = query.where('resource_id', 'in', ids)
  if (!untagged) query = query.where('was_tagged', '=', 1)
  return (await query.orderBy('resource_id').limit(limit).execute()).map(({ resource_id }) => resource_id)
}

/**
 * One tag says where to look, the others are looked up for each resource that has it: a database that knows nothing of its tables
 * yet would join them, and slowly.
 */
async function carrying(
  reader: Reader,
  { account, region }: Scope,
  type: TaggedType,
  first: TagFilter,
  others: readonly TagFilter[],
  { ids, after, limit }: TagSearch,
): Promise<string[]> {
  const among = ids ? sql`and one.resource_id in (${sql.join(ids)})` : sql``
  const more = others.map(
    (
      filter,
    ): RawBuilder<unknown> => sql`and (select 1 from tag where tag.account = ${account} and tag.region = ${region}
      and tag.resource_type = ${type} and tag.resource_id = one.resource_id and ${matches(filter)} limit 1) = 1`,
  )
  const rows = await select<{ resource_id: string }>(
    reader,
    sql`select distinct one.resource_id from tag as one where one.account = ${account} and one.region = ${region}
      and one.resource_type = ${type} and ${matches(first, 'one')} and one.resource_id > ${after} ${among}
      ${sql.join(more, sql` `)} order by one.resource_id limit ${limit}`,
  )
  return rows.map(({ resource_id }) => resource_id)
}
