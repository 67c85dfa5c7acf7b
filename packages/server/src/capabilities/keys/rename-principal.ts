import { mayName } from '#capabilities/naming-principal.ts'
import { type Tx, tables } from '#db/database.ts'
import { withPrincipalRenamed } from '#iam/policy/rename-principal.ts'
import { changeKey } from './key-store.ts'
import type { KeyTables } from './tables.ts'

/** In the policies of keys and in grants, in all accounts. */
export async function renamePrincipal(tx: Tx, from: string, to: string): Promise<void> {
  const db = tables<KeyTables>(tx)
  const keys = await db.selectFrom('kms_key').select(['key_id', 'policy']).where(mayName('policy', from)).execute()
  for (const { key_id, policy } of keys) {
    const renamed = withPrincipalRenamed(policy, from, to)
    if (renamed !== policy) await changeKey(tx, key_id, { policy: renamed })
  }
  await db.updateTable('kms_grant').set({ grantee: to }).where('grantee', '=', from).execute()
  await db.updateTable('kms_grant').set({ retiring: to }).where('retiring', '=', from).execute()
}
