import { findAccount, setPasswordPolicy } from '../account-store.ts'
import { noPasswordPolicyToDelete } from '../errors.ts'
import { iam } from '../iam.ts'
import { toPasswordPolicy } from '../password-policy.ts'

export const UpdateAccountPasswordPolicy = iam.write('UpdateAccountPasswordPolicy', {
  access: () => ({ action: 'iam:UpdateAccountPasswordPolicy', resources: ['*'] }),

  async handle(input, call) {
    await setPasswordPolicy(call.db, call.scope.account, toPasswordPolicy(input))
    return {}
  },
})

export const DeleteAccountPasswordPolicy = iam.write('DeleteAccountPasswordPolicy', {
  access: () => ({ action: 'iam:DeleteAccountPasswordPolicy', resources: ['*'] }),

  async handle(_input, call) {
    const { account } = call.scope
    const { passwordPolicy } = await findAccount(call.db, account)
    if (!passwordPolicy) throw noPasswordPolicyToDelete()
    await setPasswordPolicy(call.db, account, undefined)
    return {}
  },
})
