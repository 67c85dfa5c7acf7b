/**
 * What the door knows of users and roles. What is read is kept together with the account's revision, which every write to IAM
 * changes in its own transaction: one small look-up a request tells whether what is kept still holds. The revision is read before
 * what is kept under it, so a change in between makes what is kept old, never wrong.
 */
import type { Reader } from '#db/database.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { PrincipalDirectory, PrincipalPolicies } from '#kernel/declare.ts'
import type { AttachedPolicy } from '#kernel/policy.ts'
import type { IamPrincipal, NodePrincipal, SessionFacts, UserPrincipal } from '#kernel/principal.ts'
import type { Vault } from '#kernel/vault.ts'
import { findAccessKey, findAccessKeySecret, noteAccessKeyUses } from './access-key-store.ts'
import { noteRootKeyUses } from './account-store.ts'
import { managedPolicies, type Permissions, permissionsOfRole, permissionsOfUser } from './permissions.ts'
import { revisionOf } from './revision.ts'
import { findRole, findRoleByArn } from './role-store.ts'
import { findUserById } from './user-store.ts'

type FoundKey = Awaited<ReturnType<PrincipalDirectory['accessKey']>>

export function principalDirectory({ vault }: { readonly vault: Vault }): PrincipalDirectory {
  const keys = new Memory<FoundKey>()
  const principals = new Memory<PrincipalPolicies | undefined>()
  return {
    async accessKey(reader, id) {
      const known = await keys.recall(reader, id)
      if (known) return known.value
      const account = (await findAccessKey(reader, id))?.account
      if (account === undefined) return undefined
      return keys.learn(reader, account, id, () => findKey(reader, vault, id))
    },
    async policiesOf(reader, principal) {
      const key = memoryKey(principal)
      const known = await principals.recall(reader, key)
      return known
        ? known.value
        : principals.learn(reader, principal.account, key, () => readPolicies(reader, principal))
    },
    async keysUsed(tx, uses) {
      const { root = [], user = [] } = Object.groupBy(uses, ({ of }) => of)
      await noteRootKeyUses(tx, root)
      await noteAccessKeyUses(tx, user)
    },
  }
}

/** How many keys and principals are remembered. */
const KEPT = 10_000

interface Remembered<T> {
  readonly account: string
  readonly revision: string | undefined
  readonly value: T
}

class Memory<T> {
  readonly #kept = new Map<string, Remembered<T>>()

  /** What is kept, if it still holds. */
  async recall(reader: Reader, key: string): Promise<Remembered<T> | undefined> {
    const kept = this.#kept.get(key)
    if (kept?.revision === undefined || kept.revision !== (await revisionOf(reader, kept.account))) return undefined
    return kept
  }

  async learn(reader: Reader, account: string, key: string, read: () => Promise<T>): Promise<T> {
    const revision = await revisionOf(reader, account)
    const value = await read()
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(key, { account, revision, value })
    return value
  }
}

async function findKey(reader: Reader, vault: Vault, id: string): Promise<FoundKey> {
  const found = await findAccessKeySecret(reader, vault, id)
  const user = found && (await findUserById(reader, found.key.userId))
  if (!user) return undefined
  const { account, arn, name, id: userId } = user
  const principal: UserPrincipal = { kind: 'user', account, arn, name, userId, accessKeyId: id }
  return { principal, secret: found.secret, active: found.key.status === 'Active' }
}

/** Sessions differ in what they were given, so that is part of the key. */
function memoryKey(principal: IamPrincipal | NodePrincipal): string {
  if (principal.kind === 'node') return `node ${principal.account} ${principal.role}`
  const { kind, userId, session } = principal
  const who = kind === 'role' ? `${principal.roleArn} ${userId.split(':')[0]}` : `${userId} ${principal.arn}`
  const facts = session && [session.policies, session.policyArns, session.tags]
  return `${kind} ${who} ${facts ? JSON.stringify(facts) : ''}`
}

async function readPolicies(
  reader: Reader,
  principal: IamPrincipal | NodePrincipal,
): Promise<PrincipalPolicies | undefined> {
  switch (principal.kind) {
    case 'node':
      return ofRole(reader, await findRole(reader, principal.account, principal.role.split('/').at(-1)!))
    case 'user':
      return inSession(reader, principal, await ofUser(reader, principal.userId))
    case 'role': {
      const role = await findRoleByArn(reader, principal.roleArn)
      const same = role?.id === principal.userId.split(':')[0]
      return inSession(reader, principal, same ? await ofRole(reader, role) : undefined)
    }
    case 'federated': {
      const issuer = principal.issuer ? await ofUser(reader, principal.issuer.userId) : OF_ROOT
      const narrowed = await inSession(reader, principal, issuer)
      return narrowed && { ...narrowed, session: narrowed.session ?? [], tags: principal.session.tags ?? {} }
    }
  }
}

/** The root may do everything, and so may whom it gave a token, as far as the session's policies allow. */
const OF_ROOT: Permissions = {
  identity: [
    {
      name: 'root',
      source: 'user',
      policy: parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
    },
  ],
  tags: {},
}

async function ofUser(reader: Reader, userId: string): Promise<Permissions | undefined> {
  const user = await findUserById(reader, userId)
  return user && permissionsOfUser(reader, user)
}

async function ofRole(
  reader: Reader,
  role: Awaited<ReturnType<typeof findRole>>,
): Promise<PrincipalPolicies | undefined> {
  return role && permissionsOfRole(reader, role)
}

async function inSession(
  reader: Reader,
  { account, session }: IamPrincipal,
  permissions: Permissions | undefined,
): Promise<PrincipalPolicies | undefined> {
  if (!permissions || !session) return permissions
  const narrowing = await sessionPolicies(reader, account, session)
  return {
    ...permissions,
    ...(narrowing && { session: narrowing }),
    tags: { ...permissions.tags, ...session.tags },
  }
}

async function sessionPolicies(
  reader: Reader,
  account: string,
  { policies, policyArns }: SessionFacts,
): Promise<AttachedPolicy[] | undefined> {
  if (!policies && !policyArns) return undefined
  return [
    ...(policies ?? []).map((text) => ({ name: 'session', source: 'session' as const, policy: parsePolicy(text) })),
    ...(await managedPolicies(reader, account, policyArns ?? [])),
  ]
}
