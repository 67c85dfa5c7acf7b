import { findAccount } from '#capabilities/iam/index.ts'
import { steward } from '../steward.ts'

/** For the page on which people sign in, so nobody need have signed in yet. */
export const GetSignInOptions = steward.read('GetSignInOptions', {
  authentication: 'none',
  access: () => ({ action: 'steward:GetSignInOptions', resources: ['*'] }),

  async handle(_input, { db, scope, features }) {
    const { alias } = await findAccount(db, scope.account)
    return {
      Account: scope.account,
      AccountAlias: alias,
      Region: scope.region,
      Password: true,
      Providers: features.singleSignOn.map(({ id, name }) => ({ Id: id, Name: name })),
      TestMode: features.testMode,
    }
  },
})
