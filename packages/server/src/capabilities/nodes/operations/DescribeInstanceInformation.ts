import { ssm } from '#capabilities/ssm.ts'
import { conditionsOf, toInstanceInformation } from '../instance-information.ts'
import { listNodes } from '../node-query.ts'

const PAGE = 10

export const DescribeInstanceInformation = ssm.read('DescribeInstanceInformation', {
  access: () => ({ action: 'ssm:DescribeInstanceInformation', resources: ['*'] }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const page = { after: call.cursor<string>(), limit: limit + 1 }
    const found = await listNodes(call.db, call.scope, conditionsOf(input), call.now, page)
    const shown = found.slice(0, limit)
    return {
      InstanceInformationList: shown.map(toInstanceInformation),
      NextToken: call.nextToken(found.length > limit ? shown.at(-1)?.nodeId : undefined),
    }
  },
})
