import { accountOfAlias, findAccount, setAlias } from '../account-store.ts'
import { aliasExists, noSuchAlias } from '../errors.ts'
import { iam } from '../iam.ts'

/** An account has one alias: another one takes its place. */
export const CreateAccountAlias = iam.write('CreateAccountAlias', {
  access: () => ({ action: 'iam:CreateAccountAlias', resources: ['*'] }),

  async handle({ AccountAlias: alias }, call) {
    const owner = await accountOfAlias(call.db, alias)
    if (owner !== undefined && owner !== call.scope.account) throw aliasExists(alias)
    await setAlias(call.db, call.scope.account, alias)
    return {}
  },
})

export const DeleteAccountAlias = iam.write('DeleteAccountAlias', {
  access: () => ({ action: 'iam:DeleteAccountAlias', resources: ['*'] }),

  async handle({ AccountAlias: alias }, call) {
    const account = await findAccount(call.db, call.scope.account)
    if (account.alias !== alias) throw noSuchAlias(alias)
    await setAlias(call.db, call.scope.account, undefined)
    return {}
  },
})
