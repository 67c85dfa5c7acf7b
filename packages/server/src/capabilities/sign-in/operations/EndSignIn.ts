import { signInNotFound } from '../errors.ts'
import { steward } from '../steward.ts'
import { endSignIn, findSignIn } from '../store.ts'

/** Signs somebody out: from the next request on, all credentials of that sign-in are refused, and those of roles assumed in it. */
export const EndSignIn = steward.write('EndSignIn', {
  access: () => ({ action: 'steward:EndSignIn', resources: ['*'] }),

  async handle({ SignInId }, { db, now, scope }) {
    const signIn = await findSignIn(db, SignInId)
    if (signIn?.account !== scope.account || signIn.expiresAt <= now) throw signInNotFound(SignInId)
    await endSignIn(db, SignInId, now)
    return {}
  },
})
