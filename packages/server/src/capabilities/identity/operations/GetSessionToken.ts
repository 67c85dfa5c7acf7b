import type { Call } from '#kernel/declare.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { accessDenied } from '../errors.ts'
import { toApiCredentials } from '../role-session.ts'
import { checkSecondFactor } from '../second-factor.ts'
import { sts } from '../sts.ts'

const USER_SECONDS = 43_200
/** The root's temporary credentials are never good for longer. */
const ROOT_SECONDS = 3600

export const GetSessionToken = sts.open('GetSessionToken', {
  access: () => ({ action: 'sts:GetSessionToken', resources: ['*'] }),

  async handle(input, call) {
    const { principal } = call
    const owner = longTermOwner(call, 'GetSessionToken')
    const seconds = lifeOf(owner, input.DurationSeconds)
    const mfaAt = await checkSecondFactor(call, input)
    const session: SessionFacts = { issuedAt: call.now.getTime(), ...(mfaAt !== undefined && { mfaAt }) }
    const { account, arn } = principal
    const credentials = call.issueSession(
      owner.kind === 'root'
        ? { kind: 'root', account, arn, session }
        : { kind: 'user', account, arn, name: owner.name, userId: owner.userId, session },
      seconds,
    )
    return { Credentials: toApiCredentials(credentials) }
  },
})

/** The user or root, called with a key of its own. Throws `AccessDenied` for everybody who came with temporary credentials. */
export function longTermOwner({ principal }: Pick<Call, 'principal'>, operation: string) {
  if ((principal.kind === 'user' || principal.kind === 'root') && principal.session === undefined) return principal
  throw accessDenied(`Cannot call ${operation} with session credentials`)
}

/** Of the root at most an hour, whatever it asks for. */
export function lifeOf({ kind }: { kind: 'user' | 'root' }, wanted: number | undefined): number {
  return kind === 'root' ? Math.min(wanted ?? ROOT_SECONDS, ROOT_SECONDS) : (wanted ?? USER_SECONDS)
}
