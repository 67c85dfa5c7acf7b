import type { Operations } from '@steward/model/generated/sts.ts'
import { service } from '#kernel/declare.ts'

const sts = service<Operations>('sts')

export const GetCallerIdentity = sts.read('GetCallerIdentity', {
  access: () => ({ action: 'sts:GetCallerIdentity', resources: ['*'] }),

  async handle(_input, { principal }) {
    const userId = principal.kind === 'node' ? `node:${principal.nodeId}` : principal.account
    return { UserId: userId, Account: principal.account, Arn: principal.arn }
  },
})
