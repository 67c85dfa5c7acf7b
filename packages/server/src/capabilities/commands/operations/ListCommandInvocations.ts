import { nodeArn } from '#capabilities/nodes/index.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import type { CommandRequest, StepName } from '../command.ts'
import { readFilters } from '../filters.ts'
import { stepResults, toInvocation, toPlugin } from '../invocation.ts'
import { commandTexts, type InvocationCursor, listInvocations } from '../store.ts'

const PAGE = 50

export const ListCommandInvocations = ssm.read('ListCommandInvocations', {
  access: (input, call) => ({
    action: 'ssm:ListCommandInvocations',
    resources: input.InstanceId ? [nodeArn(call.scope, input.InstanceId)] : noResource(call.scope),
  }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const filters = { ...readFilters(input.Filters, 'invocations'), id: input.CommandId, nodeId: input.InstanceId }
    const rows = await listInvocations(call.db, call.scope, filters, call.cursor<InvocationCursor>(), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const commands = await commandTexts(call.db, [...new Set(page.map(({ command_id }) => command_id))])
    const texts = new Map(
      [...commands].map(([id, { request, steps }]) => [
        id,
        { request: JSON.parse(request) as CommandRequest, steps: JSON.parse(steps) as StepName[] },
      ]),
    )
    const CommandInvocations = page.map((row) => {
      const { request, steps } = texts.get(row.command_id)!
      const results = stepResults(row)
      const plugins = input.Details ? steps.map((step) => toPlugin(row, step, results[step.name], request)) : []
      return { ...toInvocation(row, request), CommandPlugins: plugins }
    })
    return {
      CommandInvocations,
      NextToken: call.nextToken(last && { at: last.requested_at, id: last.command_id, node: last.node_id }),
    }
  },
})
