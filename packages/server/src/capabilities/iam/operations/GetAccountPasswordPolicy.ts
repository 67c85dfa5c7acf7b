import { findAccount } from '../account-store.ts'
import { noSuchPasswordPolicy } from '../errors.ts'
import { iam } from '../iam.ts'

export const GetAccountPasswordPolicy = iam.read('GetAccountPasswordPolicy', {
  access: () => ({ action: 'iam:GetAccountPasswordPolicy', resources: ['*'] }),

  async handle(_input, call) {
    const { passwordPolicy } = await findAccount(call.db, call.scope.account)
    if (!passwordPolicy) throw noSuchPasswordPolicy(call.scope.account)
    return { PasswordPolicy: passwordPolicy }
  },
})
