import type { Reader } from '#db/database.ts'
import { type Asker, evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import type { RolePrincipal } from '#kernel/principal.ts'
import type { Role } from './role.ts'
import { findRoleByArn } from './role-store.ts'

/** A role in the hands of a service that was handed it, such as `events.amazonaws.com`. */
export interface ServiceSession {
  /** False if there is no role with this ARN. */
  readonly exists: boolean
  /** Undefined unless the role's trust policy lets the service assume it. */
  readonly principal: RolePrincipal | undefined
}

export async function sessionForService(
  reader: Reader,
  roleArn: string,
  service: string,
  sessionName: string,
  now: Date,
): Promise<ServiceSession> {
  const role = await findRoleByArn(reader, roleArn)
  if (!role || !trusts(role, service)) return { exists: role !== undefined, principal: undefined }
  const { account, arn, name, id } = role
  const principal: RolePrincipal = {
    kind: 'role',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`,
    roleArn: arn,
    name,
    sessionName,
    userId: `${id}:${sessionName}`,
    accessKeyId: '',
    session: { issuedAt: now.getTime() },
  }
  return { exists: true, principal }
}

function trusts({ account, arn, name, trust }: Role, service: string): boolean {
  const asker: Asker = { account, own: [], behind: [], other: { kind: 'Service', name: service } }
  const policy = { name, source: 'resource' as const, policy: parsePolicy(trust, 'trust') }
  const policies = { identity: [], resource: { account, policy, policyDecides: true } }
  return evaluate({ asker, action: 'sts:AssumeRole', resource: arn, context: requestContext({}) }, policies).allowed
}
