import type { StartTagSyncTaskInput } from '@steward/model/generated/resource-groups.ts'
import { badRequest, isApplication } from '#capabilities/groups/index.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { checkedQuery, queryAccess, requireStack } from '../queries.ts'
import { resourceGroups } from '../services.ts'
import { syncTags } from '../sync-tags.ts'
import { addTagSync, toTagSync } from '../tag-sync-store.ts'

/** From now on what carries the tag, or is found by the query, is in the group of an application. */
export const StartTagSyncTask = resourceGroups.write('StartTagSyncTask', {
  access: (input, call) => [
    onGroup('StartTagSyncTask', input, call),
    {
      action: 'iam:PassRole',
      resources: [input.RoleArn],
      context: { 'iam:PassedToService': 'resource-groups.amazonaws.com' },
    },
    ...queryAccess(input.ResourceQuery, call),
  ],

  async handle(input, call) {
    const { account, region } = call.scope
    const group = await namedGroup(input, call)
    if (!isApplication(group.configuration))
      throw badRequest(`The group ${group.name} is not that of an application, which alone can follow a tag.`)
    checkAsked(input, call)
    const task = {
      id: call.ids.hex(26),
      account,
      region,
      group_name: group.name,
      tag_key: input.TagKey ?? null,
      tag_value: input.TagKey === undefined ? null : (input.TagValue ?? ''),
      query: input.ResourceQuery ? JSON.stringify(input.ResourceQuery) : null,
      role_arn: input.RoleArn,
      created_at: call.now.toISOString(),
    }
    await addTagSync(call.db, task)
    call.wake(syncTags)
    return toTagSync(task)
  },
})

function checkAsked({ TagKey, TagValue, ResourceQuery }: StartTagSyncTaskInput, call: WriteCall): void {
  if ((TagKey === undefined) === (ResourceQuery === undefined) || (ResourceQuery && TagValue !== undefined))
    throw badRequest('To define a task, you can use TagKey and TagValue with non-null values, or use a ResourceQuery')
  if (ResourceQuery) requireStack(checkedQuery(ResourceQuery, call))
}
