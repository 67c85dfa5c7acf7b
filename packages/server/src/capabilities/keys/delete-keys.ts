import { type Tx, tables } from '#db/database.ts'
import { task } from '#kernel/declare.ts'
import type { KeyTables } from './tables.ts'

const A_BATCH = 100
const MINUTE_MS = 60_000

/** Deletes keys whose waiting time is over, with all that belongs to them. What they encrypted is lost from then on. */
export const deleteKeys = task({
  name: 'keys.delete',
  everyMs: MINUTE_MS,
  async run({ write, now, log }) {
    const at = now().toISOString()
    const deleted = await write(async (tx) => {
      const due = await tables<KeyTables>(tx)
        .selectFrom('kms_key')
        .select('key_id')
        .where('deletion_at', '<=', at)
        .limit(A_BATCH)
        .execute()
      const keyIds = due.map(({ key_id }) => key_id)
      if (keyIds.length > 0) await deleteAll(tx, keyIds)
      return keyIds
    })
    if (deleted.length > 0) log.info({ keyIds: deleted }, 'keys deleted for good')
    return { deleted: deleted.length }
  },
})

async function deleteAll(tx: Tx, keyIds: readonly string[]): Promise<void> {
  for (const table of ['kms_alias', 'kms_grant', 'kms_tag', 'kms_material', 'kms_key'] as const)
    await tables<KeyTables>(tx).deleteFrom(table).where('key_id', 'in', keyIds).execute()
}
