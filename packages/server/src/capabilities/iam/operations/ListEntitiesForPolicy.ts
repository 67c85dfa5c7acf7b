import type { EntityType } from '@steward/model/generated/iam.ts'
import { attachmentsIn } from '../attachment-store.ts'
import { findHolders, type Holder, type HolderKind } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'
import { mustFindPolicy, onPolicy } from '../policy-access.ts'
import { usageNamed } from '../usage.ts'

const KINDS: readonly HolderKind[] = ['group', 'role', 'user']

const FILTERS: Partial<Record<EntityType, HolderKind>> = { Group: 'group', Role: 'role', User: 'user' }

interface Entity {
  readonly kind: HolderKind
  readonly holder: Holder
}

export const ListEntitiesForPolicy = iam.read('ListEntitiesForPolicy', {
  access: ({ PolicyArn }) => onPolicy('iam:ListEntitiesForPolicy', PolicyArn),

  async handle(input, call) {
    const { PolicyArn, EntityFilter, PathPrefix = '/' } = input
    await mustFindPolicy(call, PolicyArn)
    const usage = usageNamed(input.PolicyUsageFilter)
    const uses = await attachmentsIn(call.db, call.scope.account, PolicyArn)
    const entities: Entity[] = []
    for (const kind of KINDS) {
      if (EntityFilter && FILTERS[EntityFilter] !== kind) continue
      const wanted = uses.filter((use) => use.holderKind === kind && (!usage || use.usage === usage))
      const ids = [...new Set(wanted.map(({ holderId }) => holderId))]
      const holders = await findHolders(call.db, kind, ids)
      entities.push(...holders.filter(({ path }) => path.startsWith(PathPrefix)).map((holder) => ({ kind, holder })))
    }
    const { items, ...page } = pageOf(call, input, sortedBy(entities, byKindAndName), byKindAndName)
    const of = (kind: HolderKind) => items.filter((item) => item.kind === kind).map(({ holder }) => holder)
    return {
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...page,
    }
  },
})

function byKindAndName({ kind, holder }: Entity): string {
  return `${kind}/${holder.name}`
}
