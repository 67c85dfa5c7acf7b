import { loadService } from '@steward/model'
import type { InstanceInformation } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import type { AssociationsOnNode } from '#kernel/declare.ts'
import { conditionsOf, toInstanceInformation } from '../instance-information.ts'
import { type ListedNode, listNodes } from '../node-query.ts'

const PAGE = 10

export const DescribeInstanceInformation = ssm.read('DescribeInstanceInformation', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInstanceInformation', resources: noResource(scope) }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const page = { after: call.cursor<string>(), limit: limit + 1 }
    const found = await listNodes(call.db, call.scope, conditionsOf(input, call.associations), call.now, page)
    const nodeIds = found.slice(0, limit).map(({ nodeId }) => nodeId)
    const associations = await call.associations.onNodes(call.db, nodeIds)
    return {
      InstanceInformationList: information(found, limit, associations),
      NextToken: call.nextToken(found.length > limit ? found[limit - 1]?.nodeId : undefined),
    }
  },
})

const model = loadService('ssm')!.operation('DescribeInstanceInformation')!
/** The list of a page, and the associations that it shows. */
interface Written {
  readonly associations: ReadonlyMap<string, AssociationsOnNode>
  readonly list: InstanceInformation[]
}

const written = new WeakMap<readonly ListedNode[], Written>()

/** Of the same page with the same answers only the first is written; people and scripts watch this list. */
function information(
  found: readonly ListedNode[],
  limit: number,
  associations: ReadonlyMap<string, AssociationsOnNode>,
): InstanceInformation[] {
  const known = written.get(found)
  if (known?.associations === associations) return known.list
  const nodes = found.slice(0, limit).map((node) => toInstanceInformation(node, associations.get(node.nodeId)))
  const list = model.written('InstanceInformationList', nodes)
  written.set(found, { associations, list })
  return list
}
