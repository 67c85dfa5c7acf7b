import { noResource } from '#capabilities/ssm.ts'
import { listChanges, toChange } from '../change-store.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/**
 * Our own operation: what changed on nodes, the latest first, for 90 days: on one node between two times, or which nodes got a package
 * since a date (INV-18). The first report of a type changes nothing.
 */
export const ListInventoryChanges = steward.read('ListInventoryChanges', {
  access: (_input, { scope }) => ({ action: 'ssm:GetInventory', resources: noResource(scope) }),

  async handle({ MaxResults: limit = PAGE, ...input }, call) {
    const filter = {
      nodeId: input.InstanceId,
      typeName: input.TypeName,
      name: input.Name,
      kinds: input.Kinds,
      since: input.Since,
      until: input.Until,
    }
    const page = { before: call.cursor<number>(), limit: limit + 1 }
    const found = await listChanges(call.db, call.scope, filter, page)
    const shown = found.slice(0, limit)
    return {
      Changes: shown.map(toChange),
      NextToken: call.nextToken(found.length > limit ? shown.at(-1)?.id : undefined),
    }
  },
})
