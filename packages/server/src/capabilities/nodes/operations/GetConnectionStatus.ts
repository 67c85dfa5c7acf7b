import { ssm } from '#capabilities/ssm.ts'
import { nodeArn } from '../node.ts'
import { isConnected } from '../node-store.ts'

export const GetConnectionStatus = ssm.read('GetConnectionStatus', {
  access: (input, call) => ({ action: 'ssm:GetConnectionStatus', resources: [nodeArn(call.scope, input.Target)] }),

  async handle(input, call) {
    const connected = await isConnected(call.db, call.scope, input.Target)
    return { Target: input.Target, Status: connected ? 'connected' : 'notconnected' }
  },
})
