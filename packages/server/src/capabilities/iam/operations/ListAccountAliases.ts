import { findAccount } from '../account-store.ts'
import { iam } from '../iam.ts'

export const ListAccountAliases = iam.read('ListAccountAliases', {
  access: () => ({ action: 'iam:ListAccountAliases', resources: ['*'] }),

  async handle(_input, call) {
    const { alias } = await findAccount(call.db, call.scope.account)
    return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false }
  },
})
