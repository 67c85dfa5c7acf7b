import { type Tx, tables } from '#db/database.ts'
import { toServiceRecord } from '#kernel/audit-record.ts'
import { task } from '#kernel/declare.ts'
import { keyEvent, toKey } from './key.ts'
import type { KeyTables } from './tables.ts'

const A_BATCH = 100
const MINUTE_MS = 60_000

/** Deletes keys whose waiting time is over, with all that belongs to them. What they encrypted is lost from then on. */
export const deleteKeys = task({
  name: 'keys.delete',
  everyMs: MINUTE_MS,
  async run({ write, now, clockIsSteady, log, audit, ids }) {
    if (!clockIsSteady()) return { deleted: 0 }
    const at = now()
    const deleted = await write(async (tx) => {
      const rows = await tables<KeyTables>(tx)
        .selectFrom('kms_key')
        .selectAll()
        .where('deletion_at', '<=', at.toISOString())
        .limit(A_BATCH)
        .execute()
      const keyIds = rows.map(({ key_id }) => key_id)
      if (keyIds.length > 0) await deleteAll(tx, keyIds)
      for (const row of rows) await audit.add(tx, toServiceRecord(keyEvent('DeleteKey', toKey(row)), at, ids.uuid()))
      return keyIds
    })
    if (deleted.length === 0) return { deleted: 0 }
    audit.added()
    log.info({ keyIds: deleted }, 'keys deleted for good')
    return { deleted: deleted.length }
  },
})

async function deleteAll(tx: Tx, keyIds: readonly string[]): Promise<void> {
  for (const table of ['kms_alias', 'kms_grant', 'kms_tag', 'kms_material', 'kms_key'] as const)
    await tables<KeyTables>(tx).deleteFrom(table).where('key_id', 'in', keyIds).execute()
}
