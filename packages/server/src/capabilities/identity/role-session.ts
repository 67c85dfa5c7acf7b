/** Sessions of roles: for how long, under which names, and whether a trust policy allows one. */
import type { Role } from '#capabilities/iam/index.ts'
import { type Asker, evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import type { IssuedCredentials, OpenCall } from '#kernel/declare.ts'
import type { RolePrincipal, SessionFacts } from '#kernel/principal.ts'
import { validationError } from './errors.ts'

const DEFAULT_SECONDS = 3600
const CHAINED_SECONDS = 3600

/** An account that cannot be is one that nobody may assume a role of, not a fault of the ARN. */
export function isRoleArn(text: string): boolean {
  return /^arn:aws:iam::\d+:role\/[\w+=,.@/-]+$/.test(text)
}

/** Throws `ValidationException` if the role may not be assumed for as long. `chained`: by another role. */
export function sessionSeconds(role: Role, wanted: number | undefined, chained: boolean): number {
  const seconds = wanted ?? DEFAULT_SECONDS
  if (seconds > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  }
  if (chained && seconds > CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  }
  return seconds
}

/** Whether the role's trust policy allows each of the actions, to askers for whom the door does not decide. */
export function trustAllows(
  role: Role,
  asker: Asker,
  actions: readonly string[],
  context: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  const policy = { name: role.name, source: 'resource' as const, policy: parsePolicy(role.trust, 'trust') }
  const policies = { identity: [], resource: { account: role.account, policy, policyDecides: true } }
  const keys = requestContext(context)
  return actions.every((action) => evaluate({ asker, action, resource: role.arn, context: keys }, policies).allowed)
}

/** The condition keys of a request that no signature brought. */
export function bareConditions({ now, sourceIp }: Pick<OpenCall, 'now' | 'sourceIp'>): Record<string, string> {
  return {
    'aws:CurrentTime': `${now.toISOString().slice(0, 19)}Z`,
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SourceIp': sourceIp,
  }
}

export interface RoleSession {
  readonly credentials: IssuedCredentials
  readonly id: string
  readonly arn: string
}

/** Gives out credentials of the role. */
export function openRoleSession(
  call: OpenCall,
  role: Role,
  sessionName: string,
  seconds: number,
  session: SessionFacts,
): RoleSession {
  const principal = rolePrincipal(role, sessionName, session)
  return { credentials: call.issueSession(principal, seconds), id: principal.userId, arn: principal.arn }
}

/** Whoever acts in a session of the role. */
export function rolePrincipal(
  { account, arn: roleArn, name, id }: Role,
  sessionName: string,
  session: SessionFacts,
): Omit<RolePrincipal, 'accessKeyId'> {
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`
  return { kind: 'role', account, arn, roleArn, name, sessionName, userId: `${id}:${sessionName}`, session }
}

/** As answers have them. */
export function toApiCredentials({ accessKeyId, secretAccessKey, sessionToken, expiration }: IssuedCredentials) {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  }
}
