import { ssm } from '#capabilities/ssm.ts'
import { speakingNode } from '../node.ts'
import { rotateKey } from '../node-store.ts'
import { parsePublicKey } from '../public-key.ts'

/** A node changes the key it signs with; it asks with the key that it had until now. */
export const UpdateManagedInstancePublicKey = ssm.write('UpdateManagedInstancePublicKey', {
  authentication: 'node-key',
  access: (_input, call) => ({
    action: 'ssm:UpdateManagedInstancePublicKey',
    resources: [speakingNode(call).arn],
  }),

  async handle(input, call) {
    const { nodeId, publicKey } = speakingNode(call)
    const next = parsePublicKey(input.NewPublicKey, input.NewPublicKeyType)
    await rotateKey(call.db, call.scope, nodeId, publicKey, next)
    return {}
  },
})
