import { findRoleByArn, noteRoleUse, type Role } from '#capabilities/iam/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { webIdentityRefused } from '../errors.ts'
import {
  bareConditions,
  mustBeRoleArn,
  openRoleSession,
  sessionSeconds,
  toApiCredentials,
  trustAllows,
} from '../role-session.ts'
import { packedSize, sessionPolicies } from '../session-policies.ts'
import { sessionTagConditions } from '../session-tags.ts'
import { sts } from '../sts.ts'
import { provenIdentity, type WebIdentity } from '../web-identity.ts'

/** The token is the proof of who calls, so the request carries no signature. */
export const AssumeRoleWithWebIdentity = sts.open('AssumeRoleWithWebIdentity', {
  authentication: 'none',
  access: ({ RoleArn }) => ({ action: 'sts:AssumeRoleWithWebIdentity', resources: [RoleArn] }),

  async handle(input, call) {
    const { RoleArn, RoleSessionName } = input
    mustBeRoleArn(RoleArn)
    const identity = await provenIdentity(call, RoleArn.split(':')[4]!, input.WebIdentityToken)
    const role = await call.read((reader) => findRoleByArn(reader, RoleArn))
    if (!role || !isTrusted(role, identity, RoleSessionName, call)) throw webIdentityRefused()
    const seconds = sessionSeconds(role, input.DurationSeconds, false)
    const narrowing = await call.read((reader) => sessionPolicies(reader, role.account, input))
    const { provider, sourceIdentity } = identity
    const session: SessionFacts = {
      issuedAt: call.now.getTime(),
      ...narrowing,
      ...identity.tags,
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      federatedProvider: provider.arn,
      context: { [`${provider.url}:sub`]: identity.subject, [`${provider.url}:aud`]: identity.audience },
    }
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

function isTrusted(role: Role, identity: WebIdentity, sessionName: string, call: OpenCall): boolean {
  const { provider, conditions, tags, sourceIdentity } = identity
  const asker = {
    account: role.account,
    own: [],
    behind: [],
    other: { kind: 'Federated' as const, name: provider.arn },
  }
  const actions = [
    'sts:AssumeRoleWithWebIdentity',
    ...(tags.tags ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  return trustAllows(role, asker, actions, {
    ...bareConditions(call),
    ...conditions,
    ...sessionTagConditions(tags),
    'sts:RoleSessionName': sessionName,
    'sts:SourceIdentity': sourceIdentity,
    'aws:FederatedProvider': provider.arn,
  })
}
