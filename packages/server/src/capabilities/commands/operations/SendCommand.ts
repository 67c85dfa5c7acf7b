import type { Targets } from '@steward/model/generated/ssm.ts'
import { referencedArn } from '#capabilities/documents/index.ts'
import { groupsSpelledOut } from '#capabilities/groups/index.ts'
import { nodeArn, nodesMatching, passRole } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { parameterAccess } from '../referenced-parameters.ts'
import { sendCommand } from '../send-command.ts'

const action = 'ssm:SendCommand'

/**
 * Authorised on the document, on every node, those included that the targets mean right now, and on reading the parameters
 * of Parameter Store that are referred to. What is named, parameters included, is on the audit trail; nodes that have the tags of a
 * target may be thousands, and are found with the command.
 */
export const SendCommand = ssm.write('SendCommand', {
  async access(input, call) {
    const { InstanceIds = [], Targets = [] } = input
    const targetedIds = idsOf(Targets)
    const named = [...InstanceIds, ...targetedIds].map((id) => nodeArn(call.scope, id))
    const others = Targets.length > 0 && targetedIds.length === 0
    return [
      {
        action,
        resources: [referencedArn(call.scope, input.DocumentName), ...named],
        ...(others && { also: async () => [await onTargets(call, Targets)] }),
      },
      ...(await parameterAccess(call, input)),
      ...(input.ServiceRoleArn ? [passRole(call.scope, input.ServiceRoleArn)] : []),
    ]
  },

  async handle(input, call) {
    const Command = await sendCommand(call, input)
    call.caused('AWS::SSM::Command', Command.CommandId ?? '')
    return { Command }
  },
})

/** If the targets are ids and nothing else: the command goes to these nodes, as with `InstanceIds`. `*` is no id, but all nodes. */
function idsOf(targets: Targets): readonly string[] {
  const [{ Key = '', Values = [] } = {}] = targets
  return targets.length === 1 && Key.toLowerCase() === 'instanceids' && !Values.includes('*') ? Values : []
}

/** While the targets mean no node, it is any node with the tags that they ask for. */
async function onTargets(call: Call, asked: Targets): Promise<Access> {
  const { db, scope } = call
  const targets = await groupsSpelledOut(call, asked)
  const nodes = await nodesMatching(db, scope, targets)
  if (nodes.length > 0) return { action, resources: nodes.map(({ nodeId }) => nodeArn(scope, nodeId)) }
  const context: Record<string, string> = {}
  for (const { Key = '', Values = [] } of targets) {
    if (!Key.startsWith('tag:') || Values.length !== 1) continue
    context[`aws:ResourceTag/${Key.slice(4)}`] = Values[0]!
    context[`ssm:resourceTag/${Key.slice(4)}`] = Values[0]!
  }
  return { action, resources: [nodeArn(scope, '*')], context }
}
