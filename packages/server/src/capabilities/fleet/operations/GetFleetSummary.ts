import type { GetFleetSummaryResult } from '@steward/model/generated/steward.ts'
import { summarizeCommands } from '#capabilities/commands/index.ts'
import { summarizeActivations, summarizeNodes } from '#capabilities/nodes/index.ts'
import { summarizeSessions } from '#capabilities/sessions/index.ts'
import { anyOf, readParts } from '../parts.ts'
import { steward } from '../steward.ts'

const ACTIONS = {
  Nodes: 'ssm:DescribeInstanceInformation',
  Commands: 'ssm:ListCommands',
  Sessions: 'ssm:DescribeSessions',
  Activations: 'ssm:DescribeActivations',
}

type Parts = { [K in keyof typeof ACTIONS]: NonNullable<GetFleetSummaryResult[K]> }

/** Our own operation: the state of the fleet in numbers. Each part is left out, with the reason, if the caller may not list the same. */
export const GetFleetSummary = steward.open('GetFleetSummary', {
  access: (_input, { scope }) => anyOf(scope, Object.values(ACTIONS)),

  async handle(_input, call) {
    const { scope, now } = call
    const { read, withheld } = await readParts<Parts>(call, {
      Nodes: { action: ACTIONS.Nodes, read: (reader) => summarizeNodes(reader, scope, now) },
      Commands: { action: ACTIONS.Commands, read: (reader) => summarizeCommands(reader, scope, now) },
      Sessions: { action: ACTIONS.Sessions, read: (reader) => summarizeSessions(reader, scope) },
      Activations: { action: ACTIONS.Activations, read: (reader) => summarizeActivations(reader, scope, now) },
    })
    return { Date: now, ...read, Withheld: withheld }
  },
})
