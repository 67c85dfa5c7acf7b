import { answer, nextExpiry, sessionOf } from '../console-session.ts'
import { refused } from '../errors.ts'
import { steward } from '../steward.ts'
import { extendSignIn, findSignIn } from '../store.ts'

/** New credentials in exchange for ones that are about to end. */
export const RenewSignIn = steward.write('RenewSignIn', {
  access: () => ({ action: 'steward:RenewSignIn', resources: ['*'] }),

  async handle(_input, call) {
    const who = sessionOf(call.principal, call.now)
    const { signIn: id } = who.session
    const signIn = id === undefined ? undefined : await findSignIn(call.db, id)
    if (!signIn) throw refused('Only the credentials of somebody who signed in at the console are renewed.')
    if (signIn.endsAt <= call.now) throw refused('You were signed in for as long as it goes. Sign in again.')
    const expiresAt = nextExpiry(call.now, signIn.endsAt)
    await extendSignIn(call.db, signIn.id, expiresAt)
    return answer(call, who, { ...signIn, expiresAt })
  },
})
