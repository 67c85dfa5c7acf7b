import type { EntityType } from '@steward/model/generated/iam.ts'
import type { Call } from '#kernel/declare.ts'
import { attachmentsIn } from '../attachment-store.ts'
import { groupDetail, policyDetail, roleDetail, userDetail } from '../authorization-details.ts'
import { AWS_MANAGED } from '../aws-managed/index.ts'
import { nameKey } from '../entity.ts'
import { type Group, listGroups } from '../group-store.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import type { ManagedPolicy } from '../policy.ts'
import { ownPolicies } from '../policy-store.ts'
import type { Role } from '../role.ts'
import { listRoles } from '../role-store.ts'
import { countUsages } from '../usage.ts'
import { listUsers, type User } from '../user-store.ts'

/** One line of the list that is paged, in which everything of an account stands together. */
type Entry = { [K in keyof Entities]: { readonly kind: K; readonly entity: Entities[K] } }[keyof Entities]

interface Entities {
  User: User
  Group: Group
  Role: Role
  LocalManagedPolicy: ManagedPolicy
  AWSManagedPolicy: ManagedPolicy
}

export const GetAccountAuthorizationDetails = iam.read('GetAccountAuthorizationDetails', {
  access: () => ({ action: 'iam:GetAccountAuthorizationDetails', resources: ['*'] }),

  async handle(input, call) {
    const { db } = call
    const { items, ...page } = pageOf(call, input, sortedBy(await entries(call, input.Filter ?? []), keyOf), keyOf)
    const counts = countUsages(await attachmentsIn(db, call.scope.account))
    const policies = [...of(items, 'LocalManagedPolicy'), ...of(items, 'AWSManagedPolicy')]
    return {
      UserDetailList: await Promise.all(of(items, 'User').map((user) => userDetail(db, user))),
      GroupDetailList: await Promise.all(of(items, 'Group').map((group) => groupDetail(db, group))),
      RoleDetailList: await Promise.all(of(items, 'Role').map((role) => roleDetail(db, role))),
      Policies: await Promise.all(policies.map((policy) => policyDetail(db, policy, counts(policy.arn)))),
      ...page,
    }
  },
})

/** Everything of the kinds that are asked for; without a filter, of all kinds. */
async function entries({ db, scope }: Call, filter: readonly EntityType[]): Promise<Entry[]> {
  const { account } = scope
  const wanted = (kind: EntityType) => filter.length === 0 || filter.includes(kind)
  const listed = async <K extends keyof Entities>(kind: K, list: () => Promise<Iterable<Entities[K]>>) =>
    wanted(kind) ? Array.from(await list(), (entity) => ({ kind, entity }) as Entry) : []
  return [
    ...(await listed('User', () => listUsers(db, account))),
    ...(await listed('Group', () => listGroups(db, account))),
    ...(await listed('Role', () => listRoles(db, account))),
    ...(await listed('LocalManagedPolicy', () => ownPolicies(db, account))),
    ...(await listed('AWSManagedPolicy', async () => AWS_MANAGED.values())),
  ]
}

function of<K extends keyof Entities>(entries: readonly Entry[], kind: K): Entities[K][] {
  return entries.filter((entry) => entry.kind === kind).map(({ entity }) => entity as Entities[K])
}

function keyOf({ kind, entity }: Entry): string {
  return `${kind} ${nameKey(entity.name)}`
}
