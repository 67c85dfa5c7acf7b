import type { Tag } from '@steward/model/generated/kms.ts'
import { sql } from 'kysely'
import { type Reader, select, type Tx, tables } from '#db/database.ts'
import { tagFault, tooMany } from './errors.ts'
import type { KeyTables, TagTable } from './tables.ts'

const TAGS_PER_KEY = 50
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Throws `TagException` for tags that no key may carry. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = tags.map(({ TagKey }) => TagKey)
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) throw tagFault('Tags beginning with aws: are reserved')
  if (new Set(keys).size < keys.length) throw tagFault('Duplicate tag keys')
  if (keys.length > TAGS_PER_KEY) throw tagFault('Too many tags')
  const odd = tags.flatMap(({ TagKey, TagValue }) => [TagKey, TagValue]).find((text) => !TAG_CHARACTERS.test(text))
  if (odd !== undefined)
    // Ours.
    throw tagFault('Tags may have letters, digits, spaces and the characters _ . : / = + - @ only.')
}

/** Puts tags on a key; a present one gets the new value. Throws `LimitExceededException`. */
export async function putTags(tx: Tx, keyId: string, tags: readonly Tag[]): Promise<void> {
  const present = await tagsOf(tx, keyId)
  const names = new Set([...present, ...tags].map(({ TagKey }) => TagKey))
  if (names.size > TAGS_PER_KEY) throw tooMany('tags on a key', TAGS_PER_KEY)
  await removeTags(
    tx,
    keyId,
    tags.map(({ TagKey }) => TagKey),
  )
  if (tags.length === 0) return
  const rows = tags.map(({ TagKey, TagValue }) => ({ key_id: keyId, tag_key: TagKey, tag_value: TagValue }))
  await tables<KeyTables>(tx).insertInto('kms_tag').values(rows).execute()
}

export async function removeTags(tx: Tx, keyId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await tables<KeyTables>(tx).deleteFrom('kms_tag').where('key_id', '=', keyId).where('tag_key', 'in', keys).execute()
}

/** In order of their keys. */
export async function tagsOf(reader: Reader, keyId: string): Promise<Tag[]> {
  const rows = await select(reader, sql<TagTable>`select * from kms_tag where key_id = ${keyId} order by tag_key`)
  return rows.map(({ tag_key, tag_value }) => ({ TagKey: tag_key, TagValue: tag_value }))
}

/** The condition keys of a request that hands in tags. */
export function tagConditions(tags: readonly Tag[]): Record<string, string | string[]> {
  const values = Object.fromEntries(tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue]))
  return { 'aws:TagKeys': tags.map(({ TagKey }) => TagKey), ...values }
}
