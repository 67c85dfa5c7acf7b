import { nodeArn } from '#capabilities/nodes/index.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { type CommandRequest, toCommand } from '../command.ts'
import { readFilters } from '../filters.ts'
import { type CommandCursor, listCommands } from '../store.ts'

const PAGE = 50

export const ListCommands = ssm.read('ListCommands', {
  access: (input, call) => ({
    action: 'ssm:ListCommands',
    resources: input.InstanceId ? [nodeArn(call.scope, input.InstanceId)] : noResource(call.scope),
  }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const filters = { ...readFilters(input.Filters, 'commands'), id: input.CommandId, nodeId: input.InstanceId }
    const rows = await listCommands(call.db, call.scope, filters, call.cursor<CommandCursor>(), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      Commands: page.map((row) => toCommand(row, JSON.parse(row.request) as CommandRequest)),
      NextToken: call.nextToken(last && { at: last.requested_at, id: last.id }),
    }
  },
})
