/** Tags of keys, for those who look at the tags of everything. */
import { smallKeeper } from '#capabilities/tags/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { keyArn } from './key.ts'
import { mustNotBePending } from './key-state.ts'
import { mustFindKey } from './key-store.ts'
import { checkTags, putTags, removeTags } from './key-tags.ts'
import type { KeyTables } from './tables.ts'

export const keyKeeper = smallKeeper({
  type: 'kms:key',
  cloudType: 'AWS::KMS::Key',
  tagging: 'kms:TagResource',
  untagging: 'kms:UntagResource',
  idOf(scope, arn) {
    const prefix = keyArn(scope, '')
    return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined
  },
  async all(reader, scope) {
    const ids = await ownKeys(reader, scope)
    const tags = Map.groupBy(await allTags(reader), ({ key_id }) => key_id)
    return ids.map((id) => ({
      id,
      arn: keyArn(scope, id),
      tags: (tags.get(id) ?? []).map(({ tag_key, tag_value }) => ({ Key: tag_key, Value: tag_value })),
    }))
  },
  async put(tx, scope, id, tags) {
    const named = tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }))
    mustNotBePending(await mustFindKey(tx, scope, id))
    checkTags(named)
    await putTags(tx, id, named)
  },
  async remove(tx, scope, id, keys) {
    mustNotBePending(await mustFindKey(tx, scope, id))
    await removeTags(tx, id, keys)
  },
})

/** Not those that services keep. */
async function ownKeys(reader: Reader, { account, region }: Scope): Promise<string[]> {
  const keys = tables<KeyTables>(reader).selectFrom('kms_key').select('key_id').where('manager', '=', 'CUSTOMER')
  const rows = await keys.where('account', '=', account).where('region', '=', region).execute()
  return rows.map(({ key_id }) => key_id)
}

function allTags(reader: Reader) {
  return tables<KeyTables>(reader).selectFrom('kms_tag').selectAll().orderBy('tag_key').execute()
}
