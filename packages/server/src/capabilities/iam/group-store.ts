import type { Group as ApiGroup } from '@steward/model/generated/iam.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { entityArn, nameKey } from './entity.ts'
import { alreadyExists, noSuchEntity, quotaExceeded } from './errors.ts'
import { sortedBy } from './page.ts'
import { byName, findUsersById, type User } from './user-store.ts'
import type { GroupTable, UserTables } from './user-tables.ts'

export const GROUPS_PER_ACCOUNT = 300
export const GROUPS_PER_USER = 10

export interface Group {
  readonly account: string
  /** `AGPA…`; stays the same when the group is renamed. */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly createdAt: Date
}

/** Throws `EntityAlreadyExists` if another group has the name, in whatever case. */
export async function addGroup(tx: Tx, group: Omit<Group, 'arn'>): Promise<Group> {
  await mustBeFree(tx, group.account, group.name)
  if ((await listGroups(tx, group.account)).length >= GROUPS_PER_ACCOUNT) {
    throw quotaExceeded('GroupsPerAccount', GROUPS_PER_ACCOUNT)
  }
  const row = {
    group_id: group.id,
    account: group.account,
    name: group.name,
    name_key: nameKey(group.name),
    path: group.path,
    created_at: group.createdAt.toISOString(),
  }
  await tables<UserTables>(tx).insertInto('iam_group').values(row).execute()
  return toGroup(row)
}

export async function findGroup(reader: Reader, account: string, name: string): Promise<Group | undefined> {
  const row = await tables<UserTables>(reader)
    .selectFrom('iam_group')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && toGroup(row)
}

/** Throws `NoSuchEntity`. */
export async function mustFindGroup(reader: Reader, account: string, name: string): Promise<Group> {
  const group = await findGroup(reader, account, name)
  if (!group) throw noSuchEntity('group', name)
  return group
}

/** Those of the ids that are groups. */
export async function findGroupsById(reader: Reader, ids: readonly string[]): Promise<Group[]> {
  if (ids.length === 0) return []
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_group')
    .selectAll()
    .where('group_id', 'in', ids)
    .execute()
  return rows.map(toGroup)
}

/** All groups of an account whose path begins so, in order of their names. */
export async function listGroups(reader: Reader, account: string, pathPrefix = '/'): Promise<Group[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_group')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return sortedBy(rows.map(toGroup), byName).filter(({ path }) => path.startsWith(pathPrefix))
}

/** Gives a group another name or path. Throws `EntityAlreadyExists`. */
export async function renameGroup(tx: Tx, group: Group, name: string, path: string): Promise<void> {
  if (nameKey(name) !== nameKey(group.name)) await mustBeFree(tx, group.account, name)
  await tables<UserTables>(tx)
    .updateTable('iam_group')
    .set({ name, name_key: nameKey(name), path })
    .where('group_id', '=', group.id)
    .execute()
}

/** The group alone: its members and policies must be gone by now. */
export async function removeGroup(tx: Tx, { id }: Group): Promise<void> {
  await tables<UserTables>(tx).deleteFrom('iam_group').where('group_id', '=', id).execute()
}

/** Harmless if the user is in the group already. Throws `LimitExceeded`. */
export async function addMember(tx: Tx, group: Group, user: User): Promise<void> {
  const groups = await groupsOf(tx, user.id)
  if (groups.some(({ id }) => id === group.id)) return
  if (groups.length >= GROUPS_PER_USER) throw quotaExceeded('GroupsPerUser', GROUPS_PER_USER)
  await tables<UserTables>(tx).insertInto('iam_group_member').values({ group_id: group.id, user_id: user.id }).execute()
}

/** False if the user was not in the group. */
export async function removeMember(tx: Tx, group: Group, user: User): Promise<boolean> {
  const { numDeletedRows } = await tables<UserTables>(tx)
    .deleteFrom('iam_group_member')
    .where('group_id', '=', group.id)
    .where('user_id', '=', user.id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** The groups that a user is in, in order of their names. */
export async function groupsOf(reader: Reader, userId: string): Promise<Group[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_group')
    .innerJoin('iam_group_member', 'iam_group_member.group_id', 'iam_group.group_id')
    .selectAll('iam_group')
    .where('iam_group_member.user_id', '=', userId)
    .execute()
  return sortedBy(rows.map(toGroup), byName)
}

/** The users in a group, in order of their names. */
export async function membersOf(reader: Reader, { id }: Group): Promise<User[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_group_member')
    .select('user_id')
    .where('group_id', '=', id)
    .execute()
  const users = await findUsersById(
    reader,
    rows.map(({ user_id }) => user_id),
  )
  return sortedBy(users, byName)
}

export function toApiGroup(group: Group): ApiGroup {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: group.createdAt,
  }
}

async function mustBeFree(tx: Tx, account: string, name: string): Promise<void> {
  const taken = await tables<UserTables>(tx)
    .selectFrom('iam_group')
    .select('group_id')
    .where('account', '=', account)
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
  if (taken) throw alreadyExists('Group', name)
}

function toGroup(row: Selectable<GroupTable>): Group {
  return {
    account: row.account,
    id: row.group_id,
    name: row.name,
    path: row.path,
    arn: entityArn(row.account, 'group', row.path, row.name),
    createdAt: new Date(row.created_at),
  }
}
