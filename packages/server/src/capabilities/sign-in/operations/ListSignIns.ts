import { signInOf } from '../console-session.ts'
import { steward } from '../steward.ts'
import { listSignIns } from '../store.ts'

const PAGE_SIZE = 50

/** Who is signed in at the console of the account, the latest first; who was idle for too long is not. */
export const ListSignIns = steward.read('ListSignIns', {
  access: () => ({ action: 'steward:ListSignIns', resources: ['*'] }),

  async handle({ MaxResults = PAGE_SIZE }, call) {
    const { account } = call.scope
    const after = call.cursor<string>()
    const found = await listSignIns(call.db, { account, now: call.now, after, limit: MaxResults + 1 })
    const page = found.slice(0, MaxResults)
    const own = signInOf(call.principal)
    return {
      SignIns: page.map(({ id, principalArn, method, sourceIp, signedInAt, expiresAt, endsAt }) => ({
        SignInId: id,
        PrincipalArn: principalArn,
        Method: method,
        SourceIp: sourceIp,
        SignedInAt: signedInAt,
        ExpiresAt: expiresAt,
        EndsAt: endsAt,
        IsCaller: id === own,
      })),
      NextToken: call.nextToken(found.length > MaxResults ? page.at(-1)!.id : undefined),
    }
  },
})
