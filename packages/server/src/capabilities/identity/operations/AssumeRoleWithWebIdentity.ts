import { noteRoleUse } from '#capabilities/iam/index.ts'
import type { UserIdentity } from '#kernel/audit-record.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { validationError } from '../errors.ts'
import { isRoleArn, openRoleSession, sessionSeconds, toApiCredentials } from '../role-session.ts'
import { packedSize, sessionPolicies } from '../session-policies.ts'
import { sts } from '../sts.ts'
import { provenIdentity, type WebIdentity } from '../web-identity.ts'
import { roleTrusting, webSession } from '../web-session.ts'

/** The token is the proof of who calls, so the request carries no signature. */
export const AssumeRoleWithWebIdentity = sts.open('AssumeRoleWithWebIdentity', {
  authentication: 'none',
  access: ({ RoleArn }) => ({ action: 'sts:AssumeRoleWithWebIdentity', resources: [RoleArn] }),

  async handle(input, call) {
    const { RoleArn, RoleSessionName } = input
    if (!isRoleArn(RoleArn)) throw validationError('Request ARN is invalid')
    const identity = await provenIdentity(call, RoleArn.split(':')[4]!, input.WebIdentityToken)
    call.provenAs(userIdentity(identity))
    const role = await roleTrusting(call, RoleArn, identity, RoleSessionName)
    const seconds = sessionSeconds(role, input.DurationSeconds, false)
    const narrowing = await call.read((reader) => sessionPolicies(reader, role.account, input))
    const { provider, sourceIdentity } = identity
    const session: SessionFacts = { ...webSession(identity, call.now), ...narrowing }
    const packed = packedSize(session)
    await call.write((tx) => noteRoleUse(tx, role, call.now, call.scope.region))
    const { credentials, id, arn } = openRoleSession(call, role, RoleSessionName, seconds, session)
    return {
      Credentials: toApiCredentials(credentials),
      SubjectFromWebIdentityToken: identity.subject,
      AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
      PackedPolicySize: packed,
      Provider: provider.arn,
      Audience: identity.audience,
      SourceIdentity: sourceIdentity,
    }
  },
})

/** As CloudTrail tells of whom no key stands for. */
function userIdentity({ provider, audience, subject }: WebIdentity): UserIdentity {
  const principalId = `${provider.arn}:${audience}:${subject}`
  return { type: 'WebIdentityUser', principalId, userName: subject, identityProvider: provider.arn }
}
