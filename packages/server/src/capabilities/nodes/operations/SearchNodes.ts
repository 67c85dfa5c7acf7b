import { noResource } from '#capabilities/ssm.ts'
import { groupNodes, type NodeCursor, searchConditions, searchNodes, toFleetNodes } from '../node-search.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/**
 * Our own operation: the fleet by free text, by whatever is known of a node, in any order, counted by value. It shows what
 * DescribeInstanceInformation shows, and tags, by which that filters too; so it takes the same permission.
 */
export const SearchNodes = steward.read('SearchNodes', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInstanceInformation', resources: noResource(scope) }),

  async handle(input, call) {
    const { db, scope, now } = call
    const { SortBy, SortOrder, GroupBy, Offset: offset = 0, MaxResults: limit = PAGE } = input
    const conditions = searchConditions(input)
    const order = { by: SortBy, descending: SortOrder === 'Descending' }
    const after = call.cursor<NodeCursor>()
    const page = { after, limit, ...(after ? {} : { offset }) }
    const { nodes, total, next } = await searchNodes(db, scope, conditions, order, now, page)
    return {
      Nodes: await toFleetNodes(db, scope, nodes),
      TotalCount: total,
      Groups: GroupBy === undefined ? undefined : await groupNodes(db, scope, conditions, GroupBy, now),
      NextToken: call.nextToken(next),
    }
  },
})
