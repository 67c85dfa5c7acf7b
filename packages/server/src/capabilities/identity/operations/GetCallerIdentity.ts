import { findRole } from '#capabilities/iam/index.ts'
import type { Call } from '#kernel/declare.ts'
import { sts } from '../sts.ts'

export const GetCallerIdentity = sts.read('GetCallerIdentity', {
  access: () => ({ action: 'sts:GetCallerIdentity', resources: ['*'] }),

  async handle(_input, call) {
    const { account, arn } = call.principal
    return { UserId: await userId(call), Account: account, Arn: arn }
  },
})

/** What policies know as `aws:userid`. */
async function userId({ principal, db }: Call): Promise<string> {
  if ('userId' in principal) return principal.userId
  if (principal.kind !== 'node') return principal.account
  const role = await findRole(db, principal.account, principal.role.split('/').at(-1)!)
  return `${role?.id ?? 'node'}:${principal.nodeId}`
}
