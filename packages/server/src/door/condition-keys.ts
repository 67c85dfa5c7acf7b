/** What policies may ask of every request: its condition keys, by the names of AWS's list of global ones. */
import type { Conditions } from '#iam/authorizer.ts'
import { roleArnOf } from '#iam/decide.ts'
import type { PrincipalPolicies } from '#kernel/declare.ts'
import type { Principal, SessionFacts } from '#kernel/principal.ts'
import { arn } from '#kernel/scope.ts'
import { type HttpRequest, header } from './http-message.ts'

export function conditionKeys(
  request: Pick<HttpRequest, 'sourceIp' | 'secure' | 'headers'>,
  principal: Principal,
  policies: PrincipalPolicies | undefined,
  region: string,
  now: Date,
): Conditions {
  return {
    ...sessionKeys(principal, now),
    ...principalKeys(principal),
    ...prefixed('aws:PrincipalTag/', policies?.tags),
    'aws:PrincipalArn': principalArn(principal),
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:CurrentTime': `${now.toISOString().slice(0, 19)}Z`,
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SourceIp': request.sourceIp,
    'aws:SecureTransport': String(request.secure),
    'aws:UserAgent': header(request, 'user-agent'),
    'aws:Referer': header(request, 'referer'),
    'aws:RequestedRegion': region,
  }
}

function principalKeys(principal: Principal): Conditions {
  switch (principal.kind) {
    case 'root':
      return { 'aws:PrincipalType': 'Account', 'aws:userid': principal.account }
    case 'user':
      return { 'aws:PrincipalType': 'User', 'aws:userid': principal.userId, 'aws:username': principal.name }
    case 'role':
      return { 'aws:PrincipalType': 'AssumedRole', 'aws:userid': principal.userId }
    case 'federated':
      return { 'aws:PrincipalType': 'FederatedUser', 'aws:userid': principal.userId }
    case 'node':
      return {
        'aws:PrincipalType': 'AssumedRole',
        'aws:userid': principal.nodeId,
        'ssm:SourceInstanceARN': arn(principal, 'ssm', `managed-instance/${principal.nodeId}`),
      }
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous' }
  }
}

/** Of a session it is the ARN of the role, so that a policy need not know the sessions. */
function principalArn(principal: Principal): string {
  if (principal.kind === 'role') return principal.roleArn
  return principal.kind === 'node' ? roleArnOf(principal) : principal.arn
}

/** Keys that only requests with temporary credentials have. */
function sessionKeys(principal: Principal, now: Date): Conditions {
  const session: SessionFacts | undefined = 'session' in principal ? principal.session : undefined
  if (!session) return {}
  const { issuedAt, mfaAt, sourceIdentity, federatedProvider, context } = session
  return {
    ...context,
    'aws:TokenIssueTime': `${new Date(issuedAt).toISOString().slice(0, 19)}Z`,
    'aws:MultiFactorAuthPresent': String(mfaAt !== undefined),
    'aws:MultiFactorAuthAge': mfaAt === undefined ? undefined : String(Math.floor((now.getTime() - mfaAt) / 1000)),
    'aws:SourceIdentity': sourceIdentity,
    'aws:FederatedProvider': federatedProvider,
  }
}

function prefixed(prefix: string, tags: Readonly<Record<string, string>> = {}): Conditions {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]))
}
