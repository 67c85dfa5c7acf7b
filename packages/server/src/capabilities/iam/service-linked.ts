/** Roles that belong to services: made for them, assumed by them, changed by nobody. */
import type { Tx } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import { noteBeginning } from './account-store.ts'
import { attach } from './attachment-store.ts'
import { newEntityId } from './entity.ts'
import { changeRevision, revisionOf } from './revision.ts'
import { DEFAULT_SESSION_SECONDS, type Role } from './role.ts'
import { insertRole } from './role-store.ts'

interface LinkedService {
  readonly roleName: string
  readonly description: string
  /** What the role may do; a service that is not built yet has no need of any. */
  readonly policyArn?: string
}

/** The services that have such a role, by the principal that assumes it. */
const SERVICES: Readonly<Record<string, LinkedService>> = {
  'ssm.amazonaws.com': {
    roleName: 'AWSServiceRoleForAmazonSSM',
    description: 'What Systems Manager itself does in the account.',
    policyArn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonSSMServiceRolePolicy',
  },
}

export function linkedService(principal: string): LinkedService | undefined {
  return Object.hasOwn(SERVICES, principal) ? SERVICES[principal] : undefined
}

export function servicePath(principal: string): string {
  return `/aws-service-role/${principal}/`
}

/** The service that a role of this path belongs to. */
export function serviceOf(path: string): string | undefined {
  return /^\/aws-service-role\/([^/]+)\/$/.exec(path)?.[1]
}

export interface NewLinkedRole {
  readonly account: string
  readonly now: Date
  readonly ids: Ids
  readonly description?: string | undefined
}

/** Throws `EntityAlreadyExists`. */
export async function createLinkedRole(
  tx: Tx,
  principal: string,
  service: LinkedService,
  { account, now, ids, description = service.description }: NewLinkedRole,
): Promise<Role> {
  const role = await insertRole(tx, {
    account,
    id: newEntityId(ids, 'role'),
    name: service.roleName,
    path: servicePath(principal),
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }],
    }),
    trustedIds: {},
    description,
    maxSessionSeconds: DEFAULT_SESSION_SECONDS,
    createdAt: now,
    tags: [],
  })
  if (service.policyArn) await attach(tx, account, 'role', role, service.policyArn)
  return role
}

/** Makes what an account has from its first day. Does nothing on all later days, whatever was deleted since. */
export async function beginAccount(tx: Tx, { account, now, ids }: Omit<NewLinkedRole, 'description'>): Promise<void> {
  if ((await revisionOf(tx, account)) !== undefined) return
  for (const [principal, service] of Object.entries(SERVICES)) {
    await createLinkedRole(tx, principal, service, { account, now, ids })
  }
  await noteBeginning(tx, account, now)
  await changeRevision(tx, account, ids)
}
