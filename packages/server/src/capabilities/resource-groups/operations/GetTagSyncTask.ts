import { ApiError } from '#kernel/api-error.ts'
import type { Call } from '#kernel/declare.ts'
import { resourceGroups } from '../services.ts'
import type { TagSyncTable } from '../tables.ts'
import { listTagSync, removeTagSync, tagSyncArn, toTagSyncItem } from '../tag-sync-store.ts'

export const GetTagSyncTask = resourceGroups.read('GetTagSyncTask', {
  access: ({ TaskArn }) => ({ action: 'resource-groups:GetTagSyncTask', resources: [TaskArn] }),

  async handle({ TaskArn }, call) {
    const task = await findTask(TaskArn, call)
    if (!task) throw new ApiError('NotFoundException', `There is no tag-sync task ${TaskArn}.`)
    return toTagSyncItem(task)
  },
})

/** What the task put into its group stays there. */
export const CancelTagSyncTask = resourceGroups.write('CancelTagSyncTask', {
  access: ({ TaskArn }) => ({ action: 'resource-groups:CancelTagSyncTask', resources: [TaskArn] }),

  async handle({ TaskArn }, call) {
    const task = await findTask(TaskArn, call)
    // The operation has no error of its own for this.
    if (!task) throw new ApiError('BadRequestException', `There is no tag-sync task ${TaskArn}.`)
    await removeTagSync(call.db, task)
    return {}
  },
})

async function findTask(arn: string, { db, scope }: Call): Promise<TagSyncTable | undefined> {
  return (await listTagSync(db, scope)).find((task) => tagSyncArn(task) === arn)
}
