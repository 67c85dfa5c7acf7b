import type { ResourceQuery, TagSyncTaskItem } from '@steward/model/generated/resource-groups.ts'
import { groupArn } from '#capabilities/groups/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ResourceGroupTables, TagSyncTable } from './tables.ts'

/** In order of their ids. */
export function listTagSync(reader: Reader, { account, region }: Scope): Promise<TagSyncTable[]> {
  return allTagSync(reader).where('account', '=', account).where('region', '=', region).orderBy('id').execute()
}

/** Of all accounts and Regions. */
export function allTagSync(reader: Reader) {
  return tables<ResourceGroupTables>(reader).selectFrom('tag_sync_task').selectAll()
}

export async function addTagSync(tx: Tx, task: TagSyncTable): Promise<void> {
  await tables<ResourceGroupTables>(tx).insertInto('tag_sync_task').values(task).execute()
}

export async function removeTagSync(tx: Tx, { id }: TagSyncTable): Promise<void> {
  await tables<ResourceGroupTables>(tx).deleteFrom('tag_sync_task').where('id', '=', id).execute()
}

/** Ends every task of a group. */
export async function endTagSync(tx: Tx, { account, region }: Scope, groupName: string): Promise<void> {
  await tables<ResourceGroupTables>(tx)
    .deleteFrom('tag_sync_task')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('group_name', '=', groupName)
    .execute()
}

export function tagSyncArn(task: TagSyncTable): string {
  return `${groupArn(task, task.group_name)}/tag-sync-task/${task.id}`
}

/** As operations answer it. */
export function toTagSync(task: TagSyncTable) {
  return {
    GroupArn: groupArn(task, task.group_name),
    GroupName: task.group_name,
    TaskArn: tagSyncArn(task),
    TagKey: task.tag_key ?? undefined,
    TagValue: task.tag_value ?? undefined,
    ResourceQuery: task.query === null ? undefined : (JSON.parse(task.query) as ResourceQuery),
    RoleArn: task.role_arn,
  }
}

export function toTagSyncItem(task: TagSyncTable): TagSyncTaskItem {
  return { ...toTagSync(task), Status: 'ACTIVE', CreatedAt: new Date(task.created_at) }
}
