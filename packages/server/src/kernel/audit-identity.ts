import type { UserIdentity } from './audit-record.ts'
import type { Principal, SessionFacts } from './principal.ts'

/** Who called, as audit records say it: in CloudTrail's words. */
export function identityOf(principal: Principal): UserIdentity {
  const { account: accountId, arn } = principal
  switch (principal.kind) {
    case 'root': {
      const { accessKeyId, session } = principal
      return { type: 'Root', principalId: accountId, arn, accountId, accessKeyId, ...contextOf(session) }
    }
    case 'user': {
      const { userId: principalId, accessKeyId, name: userName, session } = principal
      return { type: 'IAMUser', principalId, arn, accountId, accessKeyId, userName, ...contextOf(session) }
    }
    case 'role': {
      const { userId: principalId, accessKeyId, session, roleArn, name } = principal
      const issuer = { type: 'Role', principalId: principalId.split(':')[0], arn: roleArn, accountId, userName: name }
      return { type: 'AssumedRole', principalId, arn, accountId, accessKeyId, ...contextOf(session, issuer) }
    }
    case 'federated': {
      const { userId: principalId, accessKeyId, session, issuer: by } = principal
      const issuer = by
        ? { type: 'IAMUser', principalId: by.userId, arn: by.arn, accountId, userName: by.name }
        : { type: 'Root', principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId }
      return { type: 'FederatedUser', principalId, arn, accountId, accessKeyId, ...contextOf(session, issuer) }
    }
    case 'node': {
      const name = principal.role.split('/').at(-1)!
      const role = principal.role.startsWith('arn:')
        ? principal.role
        : `arn:aws:iam::${accountId}:role/${principal.role}`
      const sessionContext = { sessionIssuer: { type: 'Role', arn: role, accountId, userName: name } }
      return { type: 'AssumedRole', principalId: `${name}:${principal.nodeId}`, arn, accountId, sessionContext }
    }
    case 'anonymous':
      return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
  }
}

function contextOf(session: SessionFacts | undefined, sessionIssuer?: object): Pick<UserIdentity, 'sessionContext'> {
  if (!session) return {}
  const { issuedAt, mfaAt, sourceIdentity, federatedProvider } = session
  const attributes = { creationDate: new Date(issuedAt).toISOString(), mfaAuthenticated: String(mfaAt !== undefined) }
  return {
    sessionContext: {
      ...(sessionIssuer ? { sessionIssuer } : {}),
      ...(federatedProvider ? { webIdFederationData: { federatedProvider } } : {}),
      attributes,
      ...(sourceIdentity ? { sourceIdentity } : {}),
    },
  }
}
