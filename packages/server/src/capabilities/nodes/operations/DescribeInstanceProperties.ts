import { noResource, ssm } from '#capabilities/ssm.ts'
import { conditionsOf, toInstanceProperty } from '../instance-property.ts'
import { listNodes } from '../node-query.ts'

const PAGE = 50

export const DescribeInstanceProperties = ssm.read('DescribeInstanceProperties', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInstanceProperties', resources: noResource(scope) }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const page = { after: call.cursor<string>(), limit: limit + 1 }
    const found = await listNodes(call.db, call.scope, await conditionsOf(input, call), call.now, page)
    const shown = found.slice(0, limit)
    const nodeIds = shown.map(({ nodeId }) => nodeId)
    const associations = await call.associations.onNodes(call.db, nodeIds)
    return {
      InstanceProperties: shown.map((node) => toInstanceProperty(node, associations.get(node.nodeId))),
      NextToken: call.nextToken(found.length > limit ? shown.at(-1)?.nodeId : undefined),
    }
  },
})
