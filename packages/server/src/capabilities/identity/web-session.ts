/** Sessions of roles for people and programs that an issuer of web identities speaks for. */
import { findRoleByArn, type Role } from '#capabilities/iam/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { webIdentityRefused } from './errors.ts'
import { bareConditions, trustAllows } from './role-session.ts'
import { sessionTagConditions } from './session-tags.ts'
import type { WebIdentity } from './web-identity.ts'

/** The role, if it trusts whom the token is about. Throws `AccessDenied`, also if there is no such role. */
export async function roleTrusting(
  call: OpenCall,
  roleArn: string,
  identity: WebIdentity,
  sessionName: string,
): Promise<Role> {
  const role = await call.read((reader) => findRoleByArn(reader, roleArn))
  if (!role || !isTrusted(role, identity, sessionName, call)) throw webIdentityRefused()
  return role
}

/** What the token states of the session. */
export function webSession(
  { provider, subject, audience, tags, sourceIdentity }: WebIdentity,
  now: Date,
): SessionFacts {
  return {
    issuedAt: now.getTime(),
    ...tags,
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    federatedProvider: provider.arn,
    context: { [`${provider.url}:sub`]: subject, [`${provider.url}:aud`]: audience },
  }
}

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
