import type { Tag } from '@steward/model/generated/iam.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { entityArn, nameKey } from './entity.ts'
import { readTags } from './entity-tags.ts'
import { alreadyExists, noSuchEntity, quotaExceeded } from './errors.ts'
import { sortedBy } from './page.ts'
import { ROLES_PER_ACCOUNT, type Role } from './role.ts'
import type { RoleTable, RoleTables } from './tables.ts'

export type NewRole = Omit<Role, 'arn' | 'lastUsed'>

/** Throws `EntityAlreadyExists` if another role has the name, in whatever case. */
export async function insertRole(tx: Tx, role: NewRole): Promise<Role> {
  const db = tables<RoleTables>(tx)
  const others = await db
    .selectFrom('iam_role')
    .select(['name_key', 'path'])
    .where('account', '=', role.account)
    .execute()
  if (others.some(({ name_key }) => name_key === nameKey(role.name))) throw alreadyExists('Role', role.name)
  if (others.length >= ROLES_PER_ACCOUNT) throw quotaExceeded('RolesPerAccount', ROLES_PER_ACCOUNT)
  const row: RoleTable = {
    account: role.account,
    role_id: role.id,
    arn: entityArn(role.account, 'role', role.path, role.name),
    name: role.name,
    name_key: nameKey(role.name),
    path: role.path,
    trust: role.trust,
    trusted_ids: JSON.stringify(role.trustedIds),
    description: role.description ?? null,
    max_session_seconds: role.maxSessionSeconds,
    created_at: role.createdAt.toISOString(),
    last_used_at: null,
    last_used_region: null,
    tags: JSON.stringify(role.tags),
  }
  await db.insertInto('iam_role').values(row).execute()
  return toRole(row)
}

export async function findRole(reader: Reader, account: string, name: string): Promise<Role | undefined> {
  const row = await tables<RoleTables>(reader)
    .selectFrom('iam_role')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && toRole(row)
}

/** Throws `NoSuchEntity`. */
export async function mustFindRole(reader: Reader, account: string, name: string): Promise<Role> {
  const role = await findRole(reader, account, name)
  if (!role) throw noSuchEntity('role', name)
  return role
}

/** The role of that ARN, in whatever account. */
export async function findRoleByArn(reader: Reader, arn: string): Promise<Role | undefined> {
  const row = await tables<RoleTables>(reader)
    .selectFrom('iam_role')
    .selectAll()
    .where('arn', '=', arn)
    .executeTakeFirst()
  return row && toRole(row)
}

/** Those of the ids that are roles. */
export async function findRolesById(reader: Reader, ids: readonly string[]): Promise<Role[]> {
  if (ids.length === 0) return []
  const rows = await tables<RoleTables>(reader).selectFrom('iam_role').selectAll().where('role_id', 'in', ids).execute()
  return rows.map(toRole)
}

/** All roles of an account whose path begins so, in order of their names. */
export async function listRoles(reader: Reader, account: string, pathPrefix = '/'): Promise<Role[]> {
  const rows = await tables<RoleTables>(reader)
    .selectFrom('iam_role')
    .selectAll()
    .where('account', '=', account)
    .execute()
  const roles = rows.map(toRole).filter(({ path }) => path.startsWith(pathPrefix))
  return sortedBy(roles, ({ name }) => nameKey(name))
}

export interface RoleChange {
  readonly trust?: Pick<Role, 'trust' | 'trustedIds'>
  readonly description?: string
  readonly maxSessionSeconds?: number
  readonly tags?: readonly Tag[]
}

/** Members that are undefined stay as they are. */
export async function changeRole(tx: Tx, { id }: Role, change: RoleChange): Promise<void> {
  const { trust, description, maxSessionSeconds, tags } = change
  await tables<RoleTables>(tx)
    .updateTable('iam_role')
    .set({
      ...(trust && { trust: trust.trust, trusted_ids: JSON.stringify(trust.trustedIds) }),
      ...(description !== undefined && { description }),
      ...(maxSessionSeconds !== undefined && { max_session_seconds: maxSessionSeconds }),
      ...(tags !== undefined && { tags: JSON.stringify(tags) }),
    })
    .where('role_id', '=', id)
    .execute()
}

export async function noteRoleUse(tx: Tx, { id }: Role, at: Date, region: string): Promise<void> {
  await tables<RoleTables>(tx)
    .updateTable('iam_role')
    .set({ last_used_at: at.toISOString(), last_used_region: region })
    .where('role_id', '=', id)
    .execute()
}

/** The role alone: what belongs to it must be gone by now. */
export async function removeRole(tx: Tx, { id }: Role): Promise<void> {
  await tables<RoleTables>(tx).deleteFrom('iam_role').where('role_id', '=', id).execute()
}

/** Keeps that a service-linked role was deleted, so that its deletion can be asked after. */
export async function noteDeletion(tx: Tx, account: string, taskId: string, at: Date): Promise<void> {
  await tables<RoleTables>(tx)
    .insertInto('iam_role_deletion')
    .values({ account, task_id: taskId, deleted_at: at.toISOString() })
    .execute()
}

export async function wasDeletedBy(reader: Reader, account: string, taskId: string): Promise<boolean> {
  const row = await tables<RoleTables>(reader)
    .selectFrom('iam_role_deletion')
    .select('task_id')
    .where('account', '=', account)
    .where('task_id', '=', taskId)
    .executeTakeFirst()
  return row !== undefined
}

function toRole(row: RoleTable): Role {
  return {
    account: row.account,
    id: row.role_id,
    name: row.name,
    path: row.path,
    arn: row.arn,
    trust: row.trust,
    trustedIds: JSON.parse(row.trusted_ids) as Role['trustedIds'],
    description: row.description ?? undefined,
    maxSessionSeconds: row.max_session_seconds,
    createdAt: new Date(row.created_at),
    lastUsed:
      row.last_used_at === null ? undefined : { at: new Date(row.last_used_at), region: row.last_used_region ?? '' },
    tags: readTags(row.tags),
  }
}
