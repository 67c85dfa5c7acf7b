import { loadService } from '@steward/model'
import type { InstanceInformation } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { conditionsOf, toInstanceInformation } from '../instance-information.ts'
import { type ListedNode, listNodes } from '../node-query.ts'

const PAGE = 10

export const DescribeInstanceInformation = ssm.read('DescribeInstanceInformation', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInstanceInformation', resources: noResource(scope) }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const page = { after: call.cursor<string>(), limit: limit + 1 }
    const found = await listNodes(call.db, call.scope, conditionsOf(input), call.now, page)
    return {
      InstanceInformationList: information(found, limit),
      NextToken: call.nextToken(found.length > limit ? found[limit - 1]?.nodeId : undefined),
    }
  },
})

const model = loadService('ssm')!.operation('DescribeInstanceInformation')!
const written = new WeakMap<readonly ListedNode[], InstanceInformation[]>()

/** Of the same page with the same answer only the first is written; people and scripts watch this list. */
function information(found: readonly ListedNode[], limit: number): InstanceInformation[] {
  const known = written.get(found)
  if (known) return known
  const list = model.written('InstanceInformationList', found.slice(0, limit).map(toInstanceInformation))
  written.set(found, list)
  return list
}
