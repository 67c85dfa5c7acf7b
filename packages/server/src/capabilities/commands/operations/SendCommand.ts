import { documentArn, documentReference } from '#capabilities/documents/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { sendCommand } from '../send-command.ts'

/** Authorised on the document and on every node that is named; nodes found by tags are checked by their tags. */
export const SendCommand = ssm.write('SendCommand', {
  access: (input, call) => ({
    action: 'ssm:SendCommand',
    resources: [
      documentArn(call.scope, documentReference(input.DocumentName).name),
      ...(input.InstanceIds ?? []).map((id) => nodeArn(call.scope, id)),
    ],
  }),

  async handle(input, call) {
    return { Command: await sendCommand(call, input) }
  },
})
