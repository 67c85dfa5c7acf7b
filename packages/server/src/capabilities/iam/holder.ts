/**
 * Whoever may have policies: a user, a group or a role. Policies belong to the id, so they stay through a change of name and are
 * not inherited by another holder that is made later under the same name.
 */
import type { Reader } from '#db/database.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { entityArn } from './entity.ts'
import { noSuchEntity, unmodifiableRole } from './errors.ts'
import { findGroup, findGroupsById } from './group-store.ts'
import { isServicePath } from './role.ts'
import { findRole, findRolesById } from './role-store.ts'
import { findUser, findUsersById } from './user-store.ts'

export interface Holder {
  /** `AIDA…`, `AGPA…`, `AROA…`. */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
}

export type HolderKind = 'user' | 'group' | 'role'

const BY_NAME = { user: findUser, group: findGroup, role: findRole }

const BY_ID = { user: findUsersById, group: findGroupsById, role: findRolesById }

export function findHolder(call: Call, kind: HolderKind, name: string): Promise<Holder | undefined> {
  return BY_NAME[kind](call.db, call.scope.account, name)
}

/** Throws `NoSuchEntity`. */
export async function mustFindHolder(call: Call, kind: HolderKind, name: string): Promise<Holder> {
  const holder = await findHolder(call, kind, name)
  if (!holder) throw noSuchEntity(kind, name)
  return holder
}

/** Throws `UnmodifiableEntity` for a role that belongs to a service; only its description and tags are the account's. */
export function mustBeModifiable({ path, name }: Holder): void {
  if (isServicePath(path)) throw unmodifiableRole(name)
}

/** Those of the ids that are there. */
export function findHolders(reader: Reader, kind: HolderKind, ids: readonly string[]): Promise<readonly Holder[]> {
  return BY_ID[kind](reader, ids)
}

/** One action on the holder of that name; on the name alone while there is none. */
export async function onHolder(
  call: Call,
  action: string,
  kind: HolderKind,
  name: string,
  context: NonNullable<Access['context']> = {},
): Promise<Access> {
  const holder = await findHolder(call, kind, name)
  return { action, resources: [holder?.arn ?? entityArn(call.scope.account, kind, '/', name)], context }
}
