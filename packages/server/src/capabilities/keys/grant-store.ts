import { sql } from 'kysely'
import { type Reader, select, type Tx, tables } from '#db/database.ts'
import { invalidGrantToken } from './errors.ts'
import { type Grant, toGrant } from './grant.ts'
import type { GrantTable, KeyTables } from './tables.ts'

export interface GrantFilter {
  readonly keyId?: string
  readonly grantId?: string | undefined
  readonly grantee?: string | undefined
  readonly retiring?: string
  readonly account?: string
  readonly region?: string
  readonly after?: string | undefined
  readonly limit?: number
}

/** Grants in order of their ids. */
export async function listGrants(reader: Reader, filter: GrantFilter): Promise<Grant[]> {
  const columns = {
    key_id: filter.keyId,
    grant_id: filter.grantId,
    grantee: filter.grantee,
    retiring: filter.retiring,
    account: filter.account,
    region: filter.region,
  }
  let query = tables<KeyTables>(reader).selectFrom('kms_grant').selectAll().orderBy('grant_id')
  for (const [column, value] of Object.entries(columns)) {
    if (value !== undefined) query = query.where(column as keyof GrantTable, '=', value)
  }
  if (filter.after) query = query.where('grant_id', '>', filter.after)
  if (filter.limit) query = query.limit(filter.limit)
  return (await query.execute()).map(toGrant)
}

/** The grants of a key. Asked for at each decision about it. */
export async function grantsOf(reader: Reader, keyId: string): Promise<Grant[]> {
  return (await select(reader, sql<GrantTable>`select * from kms_grant where key_id = ${keyId}`)).map(toGrant)
}

export async function findGrantByToken(reader: Reader, token: string): Promise<Grant | undefined> {
  const row = await tables<KeyTables>(reader)
    .selectFrom('kms_grant')
    .selectAll()
    .where('token', '=', token)
    .executeTakeFirst()
  return row && toGrant(row)
}

/** Grants count at once, so a token adds nothing; but one that is none is refused, as it is by AWS. */
export async function checkGrantTokens(reader: Reader, tokens: readonly string[] = []): Promise<void> {
  for (const token of tokens) if (!(await findGrantByToken(reader, token))) throw invalidGrantToken()
}

export async function insertGrant(tx: Tx, grant: Grant): Promise<void> {
  const row: GrantTable = {
    grant_id: grant.grantId,
    key_id: grant.keyId,
    account: grant.scope.account,
    region: grant.scope.region,
    token: grant.token,
    name: grant.name,
    grantee: grant.grantee,
    retiring: grant.retiring ?? null,
    issuing_account: grant.issuingAccount,
    operations: JSON.stringify(grant.operations),
    constraints: JSON.stringify(grant.constraints),
    created_at: grant.createdAt.toISOString(),
  }
  await tables<KeyTables>(tx).insertInto('kms_grant').values(row).execute()
}

export async function deleteGrant(tx: Tx, grantId: string): Promise<void> {
  await tables<KeyTables>(tx).deleteFrom('kms_grant').where('grant_id', '=', grantId).execute()
}
