import { noResource } from '#capabilities/ssm.ts'
import type { StepName } from '../command.ts'
import { invalidCommandId, invalidPluginName } from '../errors.ts'
import { shortStreams, stepResults } from '../invocation.ts'
import { repliesOf, resultRows } from '../matrix.ts'
import { groupResults, type ResultGroup } from '../result-groups.ts'
import { steward } from '../steward.ts'
import { findCommand } from '../store.ts'

const PAGE = 50

/**
 * Our own operation: what a step said on all nodes of a command, equal results counted once, the most frequent first (RC-21). Results
 * are equal when state, exit code and output are; of output that the agent shortened the beginning is compared. Needs the permission
 * of `ListCommandInvocations`, which shows the same output.
 */
export const GroupCommandOutputs = steward.read('GroupCommandOutputs', {
  access: (_input, call) => ({ action: 'ssm:ListCommandInvocations', resources: noResource(call.scope) }),

  async handle(input, call) {
    const { db } = call
    const command = await findCommand(db, call.scope, input.CommandId)
    if (!command) throw invalidCommandId(input.CommandId)
    const names = (JSON.parse(command.steps) as StepName[]).map(({ name }) => name)
    const step = input.PluginName ?? names[0] ?? ''
    if (!names.includes(step)) throw invalidPluginName(step, names)
    const groups = groupResults(await resultRows(db, command.id), step)
    const begin = call.cursor<number>() ?? 0
    const end = begin + (input.MaxResults ?? PAGE)
    const page = groups.slice(begin, end)
    const samples = await repliesOf(
      db,
      command.id,
      page.map(({ sample }) => sample),
    )
    return {
      PluginName: step,
      GroupCount: groups.filter(({ resultId }) => resultId).length,
      InvocationCount: countOf(groups),
      WithoutResultCount: countOf(groups.filter(({ resultId }) => !resultId)),
      Groups: page.map(({ resultId, status, details, code, count, sample, truncated }) => ({
        ResultId: resultId || undefined,
        Status: status,
        StatusDetails: details,
        ResponseCode: code,
        Count: count,
        SampleInstanceId: sample,
        Truncated: truncated,
        ...shortStreams(stepResults(samples.get(sample)!)[step]),
      })),
      NextToken: call.nextToken(end < groups.length ? end : undefined),
    }
  },
})

function countOf(groups: readonly ResultGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}
