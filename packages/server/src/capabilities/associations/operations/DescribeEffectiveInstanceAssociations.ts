import { findNodes, nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { definitionOf } from '../association.ts'
import { contentOf } from '../content.ts'
import { invalidInstanceId } from '../errors.ts'
import { listNodeStates } from '../node-state.ts'
import { associationsById } from '../store.ts'

const PAGE = 5

/** The associations of a node with the documents that they apply. */
export const DescribeEffectiveInstanceAssociations = ssm.read('DescribeEffectiveInstanceAssociations', {
  access: (input, call) => ({
    action: 'ssm:DescribeEffectiveInstanceAssociations',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle(input, call) {
    const [node] = await findNodes(call.db, call.scope, [input.InstanceId])
    if (!node) throw invalidInstanceId(input.InstanceId)
    const limit = input.MaxResults ?? PAGE
    const rows = await listNodeStates(call.db, call.scope, input.InstanceId, call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    const associations = await associationsById(
      call.db,
      page.map(({ association_id }) => association_id),
    )
    const shown = []
    for (const { association_id, node_id } of page) {
      const association = associations.get(association_id)!
      const { document } = await contentOf(call.db, association, definitionOf(association))
      shown.push({
        AssociationId: association_id,
        InstanceId: node_id,
        Content: document && JSON.stringify(document.agentContent),
        AssociationVersion: String(association.version),
      })
    }
    return {
      Associations: shown,
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.association_id : undefined),
    }
  },
})
