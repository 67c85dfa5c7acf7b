import type { User as ApiUser, Tag } from '@steward/model/generated/iam.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { entityArn, nameKey } from './entity.ts'
import { readTags } from './entity-tags.ts'
import { alreadyExists, noSuchEntity, quotaExceeded } from './errors.ts'
import { sortedBy } from './page.ts'
import { toApiBoundary } from './role.ts'
import type { UserTable, UserTables } from './user-tables.ts'

export const USERS_PER_ACCOUNT = 5000

export interface User {
  readonly account: string
  /** `AIDA…`; stays the same when the user is renamed, and what belongs to the user hangs on it. */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly createdAt: Date
  readonly passwordLastUsedAt: Date | undefined
  readonly tags: readonly Tag[]
}

/** Throws `EntityAlreadyExists` if another user has the name, in whatever case. */
export async function addUser(tx: Tx, user: Omit<User, 'arn' | 'passwordLastUsedAt'>): Promise<User> {
  await mustBeFree(tx, user.account, user.name)
  if ((await countUsers(tx, user.account)) >= USERS_PER_ACCOUNT) {
    throw quotaExceeded('UsersPerAccount', USERS_PER_ACCOUNT)
  }
  const row = {
    user_id: user.id,
    account: user.account,
    name: user.name,
    name_key: nameKey(user.name),
    path: user.path,
    created_at: user.createdAt.toISOString(),
    password_last_used_at: null,
    tags: JSON.stringify(user.tags),
  }
  await tables<UserTables>(tx).insertInto('iam_user').values(row).execute()
  return toUser(row)
}

export async function findUser(reader: Reader, account: string, name: string): Promise<User | undefined> {
  const row = await tables<UserTables>(reader)
    .selectFrom('iam_user')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && toUser(row)
}

/** Throws `NoSuchEntity`. */
export async function mustFindUser(reader: Reader, account: string, name: string): Promise<User> {
  const user = await findUser(reader, account, name)
  if (!user) throw noSuchEntity('user', name)
  return user
}

export async function findUserById(reader: Reader, id: string): Promise<User | undefined> {
  return (await findUsersById(reader, [id]))[0]
}

/** Those of the ids that are users. */
export async function findUsersById(reader: Reader, ids: readonly string[]): Promise<User[]> {
  if (ids.length === 0) return []
  const rows = await tables<UserTables>(reader).selectFrom('iam_user').selectAll().where('user_id', 'in', ids).execute()
  return rows.map(toUser)
}

/** All users of an account whose path begins so, in order of their names. */
export async function listUsers(reader: Reader, account: string, pathPrefix = '/'): Promise<User[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_user')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return sortedBy(rows.map(toUser), byName).filter(({ path }) => path.startsWith(pathPrefix))
}

export async function countUsers(reader: Reader, account: string): Promise<number> {
  const { count } = await tables<UserTables>(reader)
    .selectFrom('iam_user')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Gives a user another name or path, and answers the user as it is then. Throws `EntityAlreadyExists`. */
export async function renameUser(tx: Tx, user: User, name: string, path: string): Promise<User> {
  if (nameKey(name) !== nameKey(user.name)) await mustBeFree(tx, user.account, name)
  await change(tx, user.id, { name, name_key: nameKey(name), path })
  return { ...user, name, path, arn: entityArn(user.account, 'user', path, name) }
}

export async function setUserTags(tx: Tx, user: User, tags: readonly Tag[]): Promise<void> {
  await change(tx, user.id, { tags: JSON.stringify(tags) })
}

/** That the user signed in with its password; to prove itself in another way, as by changing it, does not count. */
export async function notePasswordUse(tx: Tx, userId: string, at: Date): Promise<void> {
  await change(tx, userId, { password_last_used_at: at.toISOString() })
}

/** The user alone: what belongs to the user must be gone by now. */
export async function removeUser(tx: Tx, { id }: User): Promise<void> {
  await tables<UserTables>(tx).deleteFrom('iam_user').where('user_id', '=', id).execute()
}

/** By which lists of users are ordered and paged. */
export function byName({ name }: { name: string }): string {
  return nameKey(name)
}

/** As lists show a user. */
export function toApiUser(user: User): ApiUser {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createdAt,
    PasswordLastUsed: user.passwordLastUsedAt,
  }
}

/** As a look at the one user shows it. */
export function toDetailedUser(user: User, boundary: string | undefined): ApiUser {
  return {
    ...toApiUser(user),
    PermissionsBoundary: toApiBoundary(boundary),
    Tags: user.tags.length > 0 ? [...user.tags] : undefined,
  }
}

async function mustBeFree(tx: Tx, account: string, name: string): Promise<void> {
  const taken = await tables<UserTables>(tx)
    .selectFrom('iam_user')
    .select('user_id')
    .where('account', '=', account)
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  if (taken) throw alreadyExists('User', name)
}

async function change(tx: Tx, id: string, columns: Partial<UserTable>): Promise<void> {
  await tables<UserTables>(tx).updateTable('iam_user').set(columns).where('user_id', '=', id).execute()
}

function toUser(row: Selectable<UserTable>): User {
  return {
    account: row.account,
    id: row.user_id,
    name: row.name,
    path: row.path,
    arn: entityArn(row.account, 'user', row.path, row.name),
    createdAt: new Date(row.created_at),
    passwordLastUsedAt: row.password_last_used_at === null ? undefined : new Date(row.password_last_used_at),
    tags: readTags(row.tags),
  }
}
