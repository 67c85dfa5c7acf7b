import type { ListTagSyncTasksFilter } from '@steward/model/generated/resource-groups.ts'
import { groupArn } from '#capabilities/groups/index.ts'
import { resourceGroups } from '../services.ts'
import type { TagSyncTable } from '../tables.ts'
import { listTagSync, toTagSyncItem } from '../tag-sync-store.ts'

const PAGE = 50

export const ListTagSyncTasks = resourceGroups.read('ListTagSyncTasks', {
  access: () => ({ action: 'resource-groups:ListTagSyncTasks', resources: ['*'] }),

  async handle({ Filters = [], MaxResults: limit = PAGE }, call) {
    const after = call.cursor<string>() ?? ''
    const tasks = await listTagSync(call.db, call.scope)
    const rest = tasks.filter((task) => task.id > after && passes(task, Filters))
    return {
      TagSyncTasks: rest.slice(0, limit).map(toTagSyncItem),
      NextToken: call.nextToken(rest.length > limit ? rest[limit - 1]!.id : undefined),
    }
  },
})

/** Several filters are alternatives. */
function passes(task: TagSyncTable, filters: readonly ListTagSyncTasksFilter[]): boolean {
  const names = ({ GroupArn, GroupName }: ListTagSyncTasksFilter) =>
    (GroupArn === undefined || GroupArn === groupArn(task, task.group_name)) &&
    (GroupName === undefined || GroupName === task.group_name)
  return filters.length === 0 || filters.some(names)
}
