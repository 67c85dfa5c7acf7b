import type { InstanceProfile as ApiInstanceProfile, Tag } from '@steward/model/generated/iam.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { entityArn, nameKey } from './entity.ts'
import { readTags } from './entity-tags.ts'
import { instanceProfileExists, noSuchInstanceProfile, quotaExceeded } from './errors.ts'
import { sortedBy } from './page.ts'
import { toApiRole } from './role.ts'
import { findRolesById } from './role-store.ts'
import type { InstanceProfileTable, RoleTables } from './tables.ts'

const PROFILES_PER_ACCOUNT = 1000

export interface InstanceProfile {
  readonly account: string
  /** `AIPA…` */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
  /** The one role that it may have. */
  readonly roleId: string | undefined
  readonly createdAt: Date
  readonly tags: readonly Tag[]
}

/** Throws `EntityAlreadyExists`, `LimitExceeded`. */
export async function insertInstanceProfile(
  tx: Tx,
  profile: Omit<InstanceProfile, 'arn' | 'roleId'>,
): Promise<InstanceProfile> {
  const others = await listInstanceProfiles(tx, profile.account)
  if (others.some(({ name }) => nameKey(name) === nameKey(profile.name))) throw instanceProfileExists(profile.name)
  if (others.length >= PROFILES_PER_ACCOUNT) throw quotaExceeded('InstanceProfilesPerAccount', PROFILES_PER_ACCOUNT)
  const row: InstanceProfileTable = {
    account: profile.account,
    profile_id: profile.id,
    arn: entityArn(profile.account, 'instance-profile', profile.path, profile.name),
    name: profile.name,
    name_key: nameKey(profile.name),
    path: profile.path,
    role_id: null,
    created_at: profile.createdAt.toISOString(),
    tags: JSON.stringify(profile.tags),
  }
  await tables<RoleTables>(tx).insertInto('iam_instance_profile').values(row).execute()
  return toProfile(row)
}

export async function findInstanceProfile(
  reader: Reader,
  account: string,
  name: string,
): Promise<InstanceProfile | undefined> {
  const row = await tables<RoleTables>(reader)
    .selectFrom('iam_instance_profile')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && toProfile(row)
}

/** Throws `NoSuchEntity`. */
export async function mustFindInstanceProfile(reader: Reader, account: string, name: string): Promise<InstanceProfile> {
  const profile = await findInstanceProfile(reader, account, name)
  if (!profile) throw noSuchInstanceProfile(name)
  return profile
}

/** Those of an account whose path begins so, in order of their names; only those with the role if one is given. */
export async function listInstanceProfiles(
  reader: Reader,
  account: string,
  { pathPrefix = '/', roleId }: { pathPrefix?: string | undefined; roleId?: string | undefined } = {},
): Promise<InstanceProfile[]> {
  let query = tables<RoleTables>(reader).selectFrom('iam_instance_profile').selectAll().where('account', '=', account)
  if (roleId !== undefined) query = query.where('role_id', '=', roleId)
  const profiles = (await query.execute()).map(toProfile).filter(({ path }) => path.startsWith(pathPrefix))
  return sortedBy(profiles, profileKey)
}

/** By which lists of instance profiles are ordered and paged. */
export function profileKey({ name }: InstanceProfile): string {
  return nameKey(name)
}

export async function changeInstanceProfile(
  tx: Tx,
  { id }: InstanceProfile,
  change: { readonly roleId?: string | null; readonly tags?: readonly Tag[] },
): Promise<void> {
  await tables<RoleTables>(tx)
    .updateTable('iam_instance_profile')
    .set({
      ...(change.roleId !== undefined && { role_id: change.roleId }),
      ...(change.tags !== undefined && { tags: JSON.stringify(change.tags) }),
    })
    .where('profile_id', '=', id)
    .execute()
}

export async function removeInstanceProfile(tx: Tx, { id }: InstanceProfile): Promise<void> {
  await tables<RoleTables>(tx).deleteFrom('iam_instance_profile').where('profile_id', '=', id).execute()
}

/** As the API shows them, each with its role; lists leave out tags. */
export async function toApiInstanceProfiles(
  reader: Reader,
  profiles: readonly InstanceProfile[],
): Promise<ApiInstanceProfile[]> {
  const ids = profiles.flatMap(({ roleId }) => roleId ?? [])
  const roles = new Map((await findRolesById(reader, ids)).map((role) => [role.id, role]))
  return profiles.map((profile) => {
    const role = profile.roleId === undefined ? undefined : roles.get(profile.roleId)
    return {
      Path: profile.path,
      InstanceProfileName: profile.name,
      InstanceProfileId: profile.id,
      Arn: profile.arn,
      CreateDate: profile.createdAt,
      Roles: role ? [toApiRole(role)] : [],
    }
  })
}

function toProfile(row: InstanceProfileTable): InstanceProfile {
  return {
    account: row.account,
    id: row.profile_id,
    name: row.name,
    path: row.path,
    arn: row.arn,
    roleId: row.role_id ?? undefined,
    createdAt: new Date(row.created_at),
    tags: readTags(row.tags),
  }
}
