import { nodeArn } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { StepName } from '../command.ts'
import { invalidCommandId, invalidPluginName, invocationDoesNotExist } from '../errors.ts'
import { isTruncated, standardError, standardOutput, stepResults } from '../invocation.ts'
import { repliesOf } from '../matrix.ts'
import { beginningOf } from '../output.ts'
import { steward } from '../steward.ts'
import { findCommand } from '../store.ts'

/** Of each node; whoever wants more of one reads GetCommandOutput. */
const STDOUT_BYTES = 256 * 1024
/** After so many characters the rest is another page. */
const PAGE_CHARACTERS = 4 * 1024 * 1024

/**
 * Our own operation: what a step said on many nodes at once, which GetCommandInvocation tells of one and less of it (INV-19). Standard
 * output whatever agent sent it: all of it up to a bound, standard error as GetCommandInvocation has it.
 */
export const BatchGetCommandOutput = steward.read('BatchGetCommandOutput', {
  access: (input, { scope }) => ({
    action: 'ssm:GetCommandInvocation',
    resources: input.InstanceIds.map((id) => nodeArn(scope, id)),
  }),

  async handle(input, call) {
    const { db, scope } = call
    const command = await findCommand(db, scope, input.CommandId)
    if (!command) throw invalidCommandId(input.CommandId)
    const names = (JSON.parse(command.steps) as StepName[]).map(({ name }) => name)
    const step = input.PluginName ?? names[0] ?? ''
    if (!names.includes(step)) throw invalidPluginName(step, names)
    const ids = input.InstanceIds
    const replies = await repliesOf(db, command.id, ids)
    const outputs = []
    let next = call.cursor<number>() ?? 0
    for (let characters = 0; next < ids.length && characters < PAGE_CHARACTERS; next++) {
      const id = ids[next]!
      const row = replies.get(id)
      if (!row) throw invocationDoesNotExist(command.id, id)
      const result = stepResults(row)[step]
      const said = await wholeOutput(db, { commandId: command.id, nodeId: id, step }, result)
      outputs.push({ InstanceId: id, ...said, StandardErrorContent: standardError(result) })
      characters += said.StandardOutputContent.length
    }
    return { Outputs: outputs, NextToken: call.nextToken(next < ids.length ? next : undefined) }
  },
})

/** What came meanwhile, where the agent's reply does not have everything. */
async function wholeOutput(
  reader: Reader,
  of: { commandId: string; nodeId: string; step: string },
  result: ReturnType<typeof stepResults>[string] | undefined,
) {
  const replied = { StandardOutputContent: standardOutput(result), Truncated: result ? isTruncated(result) : false }
  if (result && !replied.Truncated) return replied
  const { data, isAll } = await beginningOf({ ...of, stream: 'stdout' }, STDOUT_BYTES, reader)
  if (data.length === 0) return replied
  return { StandardOutputContent: data.toString(), Truncated: !isAll }
}
