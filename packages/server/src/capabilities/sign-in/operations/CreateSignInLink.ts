import { sessionOf } from '../console-session.ts'
import { steward } from '../steward.ts'
import { addTicket } from '../tickets.ts'

/** For the caller itself, with what it may do and no more; good once. */
export const CreateSignInLink = steward.write('CreateSignInLink', {
  access: () => ({ action: 'steward:CreateSignInLink', resources: ['*'] }),

  async handle(_input, call) {
    const who = sessionOf(call.principal, call.now)
    const { secret, expiresAt } = await addTicket(call.db, call, 'link', who)
    // Behind the #, so that no server and no log ever sees it.
    return { Url: `${call.origin}/console/#one-time=${secret}`, ExpiresAt: expiresAt }
  },
})
