import { nodeArn } from '#capabilities/nodes/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { groupNotFound } from './errors.ts'
import { groupName, type ResourceGroup } from './group.ts'
import type { GroupTable, GroupTables, MemberTable } from './tables.ts'

export async function findGroup(reader: Reader, scope: Scope, name: string): Promise<ResourceGroup | undefined> {
  const row = await inScope(reader, scope).where('name', '=', name).executeTakeFirst()
  return row && toGroup(row)
}

/** The group that a name, or an ARN of this account and Region, means. Throws `NotFoundException`. */
export async function mustFindGroup(reader: Reader, scope: Scope, reference: string): Promise<ResourceGroup> {
  const name = groupName(scope, reference)
  const group = name === undefined ? undefined : await findGroup(reader, scope, name)
  if (!group) throw groupNotFound(reference)
  return group
}

/** All groups, in order of their names. */
export async function listGroups(reader: Reader, scope: Scope): Promise<ResourceGroup[]> {
  return (await inScope(reader, scope).orderBy('name').execute()).map(toGroup)
}

export async function addGroup(tx: Tx, scope: Scope, group: ResourceGroup): Promise<void> {
  const { account, region } = scope
  const row = { ...toColumns(group), id: group.id, account, region, name: group.name }
  await tables<GroupTables>(tx).insertInto('resource_group').values(row).execute()
}

/** Writes all of it but its name. */
export async function changeGroup(tx: Tx, group: ResourceGroup): Promise<void> {
  await tables<GroupTables>(tx)
    .updateTable('resource_group')
    .set(toColumns(group))
    .where('id', '=', group.id)
    .executeTakeFirst()
}

export async function removeGroup(tx: Tx, { id }: ResourceGroup): Promise<void> {
  const db = tables<GroupTables>(tx)
  await db.deleteFrom('resource_group_member').where('group_id', '=', id).execute()
  await db.deleteFrom('resource_group').where('id', '=', id).execute()
}

/** The ARNs that were put into the group one by one, in their order. */
export async function explicitMembers(reader: Reader, { id }: ResourceGroup): Promise<string[]> {
  const rows = await tables<GroupTables>(reader)
    .selectFrom('resource_group_member')
    .select('arn')
    .where('group_id', '=', id)
    .where('action', '=', 'GROUP')
    .orderBy('arn')
    .execute()
  return rows.map(({ arn }) => arn)
}

/** Puts resources into the group or takes them out; `synced`: as a tag asks for. */
export async function setMembers(
  tx: Tx,
  { id }: ResourceGroup,
  arns: readonly string[],
  action: 'GROUP' | 'UNGROUP',
  now: Date,
  synced = false,
): Promise<void> {
  if (arns.length === 0) return
  const changed = { action, changed_at: now.toISOString(), synced: synced ? 1 : 0 } as const
  await tables<GroupTables>(tx)
    .insertInto('resource_group_member')
    .values(arns.map((arn) => ({ group_id: id, arn, ...changed })))
    .onConflict((conflict) => conflict.columns(['group_id', 'arn']).doUpdateSet(changed))
    .execute()
}

/** When each resource was last put into the group or taken out of it. */
export function membershipChanges(reader: Reader, { id }: ResourceGroup): Promise<MemberTable[]> {
  const changes = tables<GroupTables>(reader).selectFrom('resource_group_member').selectAll()
  return changes.where('group_id', '=', id).orderBy('arn').execute()
}

/** A node that is gone is in no group. */
export async function forgetMember(tx: Tx, scope: Scope, nodeId: string): Promise<void> {
  await tables<GroupTables>(tx).deleteFrom('resource_group_member').where('arn', '=', nodeArn(scope, nodeId)).execute()
}

function inScope(reader: Reader, { account, region }: Scope) {
  return tables<GroupTables>(reader)
    .selectFrom('resource_group')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
}

function toGroup(row: GroupTable): ResourceGroup {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    query: row.query === null ? undefined : JSON.parse(row.query),
    configuration: row.configuration === null ? undefined : JSON.parse(row.configuration),
    criticality: row.criticality ?? undefined,
    owner: row.owner ?? undefined,
    displayName: row.display_name ?? undefined,
  }
}

function toColumns(group: Omit<ResourceGroup, 'id' | 'name'>) {
  return {
    description: group.description,
    query: group.query ? JSON.stringify(group.query) : null,
    configuration: group.configuration ? JSON.stringify(group.configuration) : null,
    criticality: group.criticality ?? null,
    owner: group.owner ?? null,
    display_name: group.displayName ?? null,
  }
}
