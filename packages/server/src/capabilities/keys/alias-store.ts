import type { AliasListEntry } from '@steward/model/generated/kms.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { aliasArn } from './key.ts'
import type { AliasTable, KeyTables } from './tables.ts'

export async function findAlias(reader: Reader, scope: Scope, name: string): Promise<AliasTable | undefined> {
  return tables<KeyTables>(reader)
    .selectFrom('kms_alias')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Aliases by name, of one key or of all. */
export async function listAliases(
  reader: Reader,
  scope: Scope,
  { keyId, after, limit }: { keyId: string | undefined; after: string | undefined; limit: number },
): Promise<AliasTable[]> {
  let query = tables<KeyTables>(reader)
    .selectFrom('kms_alias')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .orderBy('name')
    .limit(limit)
  if (keyId) query = query.where('key_id', '=', keyId)
  if (after) query = query.where('name', '>', after)
  return query.execute()
}

export async function putAlias(tx: Tx, scope: Scope, name: string, keyId: string, now: Date): Promise<void> {
  const at = now.toISOString()
  await tables<KeyTables>(tx)
    .insertInto('kms_alias')
    .values({ account: scope.account, region: scope.region, name, key_id: keyId, created_at: at, updated_at: at })
    .onConflict((on) => on.columns(['account', 'region', 'name']).doUpdateSet({ key_id: keyId, updated_at: at }))
    .execute()
}

export async function deleteAlias(tx: Tx, scope: Scope, name: string): Promise<void> {
  await tables<KeyTables>(tx)
    .deleteFrom('kms_alias')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '=', name)
    .execute()
}

export function toAliasEntry(row: AliasTable): AliasListEntry {
  return {
    AliasName: row.name,
    AliasArn: aliasArn(row, row.name),
    TargetKeyId: row.key_id,
    CreationDate: new Date(row.created_at),
    LastUpdatedDate: new Date(row.updated_at),
  }
}
