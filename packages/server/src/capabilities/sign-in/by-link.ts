import type { SignInResult } from '@steward/model/generated/steward.ts'
import type { OpenCall, SessionToIssue } from '#kernel/declare.ts'
import { openSession } from './console-session.ts'
import { refused } from './errors.ts'
import { takeTicket } from './tickets.ts'

/** Whom the link was made for is signed in. Throws `SignInRefusedException` if it was followed before or is too old. */
export function signInByLink(call: OpenCall, code: string): Promise<SignInResult> {
  return openSession(call, 'OneTimeLink', async (tx) => {
    const who = await takeTicket<SessionToIssue>(tx, call.now, 'link', code)
    if (!who)
      throw refused('This link was used already, or is older than ten minutes. npx steward console makes another.')
    return who
  })
}
