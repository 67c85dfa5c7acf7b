import type { Tags } from '@steward/model/generated/logs.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { invalid, tooManyTags } from './errors.ts'
import type { LogTables } from './tables.ts'

const TAGS_PER_GROUP = 50

/** In order of their keys. */
export async function tagsOf(reader: Reader, groupId: number): Promise<Tags> {
  const rows = await tables<LogTables>(reader)
    .selectFrom('log_group_tag')
    .select(['key', 'value'])
    .where('group_id', '=', groupId)
    .orderBy('key')
    .execute()
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

/** A present key gets the new value. Throws `InvalidParameterException`, `TooManyTagsException`. */
export async function putTags(tx: Tx, groupId: number, tags: Tags): Promise<void> {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalid(`The tag key ${reserved} begins with aws:, which is reserved.`)
  const all = new Map([...Object.entries(await tagsOf(tx, groupId)), ...Object.entries(tags)])
  if (all.size > TAGS_PER_GROUP) throw tooManyTags()
  if (all.size === 0) return
  await removeTags(tx, groupId, [...all.keys()])
  const rows = [...all].map(([key, value]) => ({ group_id: groupId, key, value }))
  await tables<LogTables>(tx).insertInto('log_group_tag').values(rows).execute()
}

export async function removeTags(tx: Tx, groupId: number, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  const tagged = tables<LogTables>(tx).deleteFrom('log_group_tag').where('group_id', '=', groupId)
  await tagged.where('key', 'in', keys).execute()
}

/** The condition keys of a request that hands in tags. */
export function tagConditions(tags: Tags = {}): Record<string, string | string[]> {
  const values = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]))
  return { 'aws:TagKeys': Object.keys(tags), ...values }
}
