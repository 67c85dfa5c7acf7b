import type { AccessKeyMetadata } from '@steward/model/generated/iam.ts'
import type { Kysely, Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { KeyUse, SealedColumn } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { quotaExceeded } from './errors.ts'
import { sortedBy } from './page.ts'
import type { User } from './user-store.ts'
import type { AccessKeyTable, UserTables } from './user-tables.ts'

export const ACCESS_KEYS_PER_USER = 2

export type AccessKeyStatus = 'Active' | 'Inactive'

export interface AccessKey {
  /** `AKIA…` */
  readonly id: string
  readonly account: string
  readonly userId: string
  readonly status: AccessKeyStatus
  readonly createdAt: Date
  readonly lastUsed: KeyLastUsed | undefined
}

export interface KeyLastUsed {
  readonly at: Date
  readonly service: string
  readonly region: string
}

export const sealedAccessKeySecrets: SealedColumn = {
  table: 'iam_access_key',
  column: 'secret',
  key: ['access_key_id'],
  aad: ({ access_key_id }) => secretAad(String(access_key_id)),
}

/** Throws `LimitExceeded` if the user has as many keys as a user may have, active or not. */
export async function addAccessKey(
  tx: Tx,
  vault: Vault,
  user: User,
  key: { id: string; secret: string; createdAt: Date },
): Promise<AccessKey> {
  if ((await accessKeysOf(tx, user.id)).length >= ACCESS_KEYS_PER_USER) {
    throw quotaExceeded('AccessKeysPerUser', ACCESS_KEYS_PER_USER)
  }
  const row: AccessKeyTable = {
    access_key_id: key.id,
    account: user.account,
    user_id: user.id,
    secret: vault.seal(Buffer.from(key.secret), secretAad(key.id)),
    status: 'Active',
    created_at: key.createdAt.toISOString(),
    last_used_at: null,
    last_used_service: null,
    last_used_region: null,
  }
  await tables<UserTables>(tx).insertInto('iam_access_key').values(row).execute()
  return toAccessKey(row)
}

const selectKey = statement((db: Kysely<UserTables>, id: string) =>
  db.selectFrom('iam_access_key').selectAll().where('access_key_id', '=', id),
)

/** The key of that id, in whatever account. */
export async function findAccessKey(reader: Reader, id: string): Promise<AccessKey | undefined> {
  const [row] = await selectKey(reader, id)
  return row && toAccessKey(row)
}

/** A key together with its secret, for checking a signature. */
export async function findAccessKeySecret(
  reader: Reader,
  vault: Vault,
  id: string,
): Promise<{ key: AccessKey; secret: string } | undefined> {
  const [row] = await selectKey(reader, id)
  return row && { key: toAccessKey(row), secret: vault.open(row.secret, secretAad(id)).toString() }
}

/** A user's keys, the oldest first. */
export async function accessKeysOf(reader: Reader, userId: string): Promise<AccessKey[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_access_key')
    .selectAll()
    .where('user_id', '=', userId)
    .execute()
  return sortedBy(rows.map(toAccessKey), byAge)
}

/** The keys of all users of an account, each user's oldest first. */
export async function listAccessKeys(reader: Reader, account: string): Promise<AccessKey[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_access_key')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return sortedBy(rows.map(toAccessKey), byAge)
}

export async function setAccessKeyStatus(tx: Tx, { id }: AccessKey, status: AccessKeyStatus): Promise<void> {
  await tables<UserTables>(tx).updateTable('iam_access_key').set({ status }).where('access_key_id', '=', id).execute()
}

export async function removeAccessKey(tx: Tx, { id }: AccessKey): Promise<void> {
  await tables<UserTables>(tx).deleteFrom('iam_access_key').where('access_key_id', '=', id).execute()
}

/** Notes uses for `GetAccessKeyLastUsed`. Keys that are gone, and uses older than the noted one, are no fault. */
export async function noteAccessKeyUses(tx: Tx, uses: readonly KeyUse[]): Promise<void> {
  for (const { accessKeyId, at, service, region } of uses) {
    await tables<UserTables>(tx)
      .updateTable('iam_access_key')
      .set({ last_used_at: at.toISOString(), last_used_service: service, last_used_region: region })
      .where('access_key_id', '=', accessKeyId)
      .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at.toISOString())]))
      .execute()
  }
}

/** By which a user's keys are ordered and paged. */
export function byAge({ createdAt, id }: AccessKey): string {
  return `${createdAt.toISOString()} ${id}`
}

export function toApiAccessKey({ id, status, createdAt }: AccessKey, userName: string): AccessKeyMetadata {
  return { UserName: userName, AccessKeyId: id, Status: status, CreateDate: createdAt }
}

function secretAad(id: string): string {
  return `access-key:${id}`
}

function toAccessKey(row: Selectable<AccessKeyTable>): AccessKey {
  return {
    id: row.access_key_id,
    account: row.account,
    userId: row.user_id,
    status: row.status,
    createdAt: new Date(row.created_at),
    lastUsed:
      row.last_used_at === null
        ? undefined
        : { at: new Date(row.last_used_at), service: row.last_used_service!, region: row.last_used_region! },
  }
}
