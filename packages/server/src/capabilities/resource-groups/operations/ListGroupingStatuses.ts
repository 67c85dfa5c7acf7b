import type { GroupingStatusesItem, ListGroupingStatusesFilter } from '@steward/model/generated/resource-groups.ts'
import { groupArn, membershipChanges } from '#capabilities/groups/index.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

const PAGE = 50

/** When each resource was last put into the group or taken out of it. Both happen at once, so none is ever under way. */
export const ListGroupingStatuses = resourceGroups.read('ListGroupingStatuses', {
  access: (input, call) => onGroup('ListGroupingStatuses', input, call),

  async handle(input, call) {
    const { Group, Filters = [], MaxResults: limit = PAGE } = input
    const group = await namedGroup({ Group }, call)
    const after = call.cursor<string>() ?? ''
    const rest = (await membershipChanges(call.db, group))
      .map(
        ({ arn, action, changed_at }): GroupingStatusesItem => ({
          ResourceArn: arn,
          Action: action,
          Status: 'SUCCESS',
          UpdatedAt: new Date(changed_at),
        }),
      )
      .sort((a, b) => (a.ResourceArn! < b.ResourceArn! ? -1 : 1))
      .filter((item) => item.ResourceArn! > after && Filters.every((filter) => passes(item, filter)))
    const GroupingStatuses = rest.slice(0, limit)
    return {
      Group: groupArn(call.scope, group.name),
      GroupingStatuses,
      NextToken: call.nextToken(rest.length > limit ? GroupingStatuses.at(-1)?.ResourceArn : undefined),
    }
  },
})

function passes({ ResourceArn, Status }: GroupingStatusesItem, { Name, Values }: ListGroupingStatusesFilter): boolean {
  return Values.includes((Name === 'status' ? Status : ResourceArn)!)
}
