import type { Targets } from '@steward/model/generated/ssm.ts'
import { documentArn, documentReference } from '#capabilities/documents/index.ts'
import { nodeArn, nodesMatching, passRole } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { sendCommand } from '../send-command.ts'

const action = 'ssm:SendCommand'

/** Authorised on the document and on every node, those included that the targets mean right now. */
export const SendCommand = ssm.write('SendCommand', {
  access: ({ DocumentName, InstanceIds = [], Targets = [], ServiceRoleArn }, call) => [
    {
      action,
      resources: [
        documentArn(call.scope, documentReference(DocumentName).name),
        ...InstanceIds.map((id) => nodeArn(call.scope, id)),
      ],
      also: async () => (Targets.length > 0 ? [await onTargets(call, Targets)] : []),
    },
    ...(ServiceRoleArn ? [passRole(call.scope, ServiceRoleArn)] : []),
  ],

  async handle(input, call) {
    const Command = await sendCommand(call, input)
    call.caused('AWS::SSM::Command', Command.CommandId ?? '')
    return { Command }
  },
})

/** While the targets mean no node, it is any node with the tags that they ask for. */
async function onTargets({ db, scope }: Call, targets: Targets): Promise<Access> {
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
