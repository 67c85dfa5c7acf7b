import { signInOf } from '../console-session.ts'
import { steward } from '../steward.ts'
import { removeSignIn } from '../store.ts'

/** From the next request on, all credentials of the caller's sign-in are refused. Of others there is nothing to end. */
export const SignOut = steward.write('SignOut', {
  access: () => ({ action: 'steward:SignOut', resources: ['*'] }),

  async handle(_input, { db, principal }) {
    const signIn = signInOf(principal)
    if (signIn !== undefined) await removeSignIn(db, signIn)
    return {}
  },
})
