import { noResource, ssm } from '#capabilities/ssm.ts'
import { checkSync, toCondition, toNode } from '../fleet.ts'
import { listNodes } from '../node-query.ts'

const PAGE = 50

export const ListNodes = ssm.read('ListNodes', {
  access: (_input, { scope }) => ({ action: 'ssm:ListNodes', resources: noResource(scope) }),

  async handle(input, call) {
    checkSync(input.SyncName)
    const conditions = (input.Filters ?? []).map((filter) => toCondition(call.scope, filter))
    const limit = input.MaxResults ?? PAGE
    const page = { after: call.cursor<string>(), limit: limit + 1 }
    const found = await listNodes(call.db, call.scope, conditions, call.now, page)
    const shown = found.slice(0, limit)
    return {
      Nodes: shown.map((node) => toNode(call.scope, node)),
      NextToken: call.nextToken(found.length > limit ? shown.at(-1)?.nodeId : undefined),
    }
  },
})
