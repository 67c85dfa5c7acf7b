import type { StepName } from '../command.ts'
import { invalidCommandId, invalidPluginName } from '../errors.ts'
import { searchOutputs } from '../output-search.ts'
import { steward } from '../steward.ts'
import { findCommand } from '../store.ts'

const PAGE = 50

/**
 * Our own operation: lines with a text in them, whatever its case, in what a command said on its nodes (RC-21). A page may have fewer
 * matches than asked for, even none, and still another one after it.
 */
export const SearchCommandOutputs = steward.open('SearchCommandOutputs', {
  access: () => ({ action: 'ssm:GetCommandInvocation', resources: ['*'] }),

  async handle(input, call) {
    const command = await call.read((reader) => findCommand(reader, call.scope, input.CommandId))
    if (!command) throw invalidCommandId(input.CommandId)
    const names = (JSON.parse(command.steps) as StepName[]).map(({ name }) => name)
    const { PluginName: step, Query: text, MaxResults: limit = PAGE } = input
    if (step !== undefined && !names.includes(step)) throw invalidPluginName(step, names)
    const query = { commandId: command.id, text, steps: step === undefined ? names : [step], limit }
    const { matches, next } = await searchOutputs(call.read.bind(call), query, call.cursor<string>())
    return {
      Matches: matches.map((match) => ({
        InstanceId: match.nodeId,
        InstanceName: match.nodeName,
        PluginName: match.step,
        StreamName: match.stream,
        LineNumber: match.line,
        Text: match.text,
      })),
      NextToken: call.nextToken(next),
    }
  },
})
