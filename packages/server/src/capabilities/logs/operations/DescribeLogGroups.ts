import { invalid } from '../errors.ts'
import { listGroups } from '../group-store.ts'
import { toLogGroup } from '../log-group.ts'
import { logs } from '../logs.ts'
import { groupResource, nameIn } from '../names.ts'

const PAGE = 50

export const DescribeLogGroups = logs.read('DescribeLogGroups', {
  access: (_input, call) => ({ action: 'logs:DescribeLogGroups', resources: [groupResource(call.scope, '')] }),

  async handle(input, call) {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: part, limit = PAGE } = input
    if (prefix !== undefined && part !== undefined)
      throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.')
    const names = input.logGroupIdentifiers?.map(nameIn)
    const elsewhere = input.accountIdentifiers?.length && !input.accountIdentifiers.includes(call.scope.account)
    const filter = { prefix, part, class: input.logGroupClass, names }
    const groups = elsewhere
      ? []
      : await listGroups(call.db, call.scope, filter, call.cursor<string>() ?? '', limit + 1)
    return {
      logGroups: groups.slice(0, limit).map(toLogGroup),
      nextToken: call.nextToken(groups.length > limit ? groups[limit - 1]!.name : undefined),
    }
  },
})
