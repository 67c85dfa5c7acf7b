/** Tells of resources that came into groups or left them, in accounts that want events of their groups (RG-10). */
import { deliverEvents, emitEvent } from '#capabilities/events/index.ts'
import { groupArn, type Looking, listGroups, lookingIn, type ResourceGroup } from '#capabilities/groups/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { identityOf, SOURCE, scopesWithEvents } from './group-events.ts'
import { membersOf } from './members.ts'
import type { GroupToldTable, ResourceGroupTables } from './tables.ts'

const EVERY_MS = 2_000
/** Rows in one statement: databases take only so many values at once. */
const AT_ONCE = 500

export const tellMembership = task({
  name: 'resource-groups.tell-membership',
  everyMs: EVERY_MS,
  async run(context) {
    let told = 0
    for (const scope of await context.read(scopesWithEvents)) {
      for (const group of await context.read((reader) => listGroups(reader, scope))) {
        // Nearly always there is nothing to say, and then nothing is written either.
        const { isNew, added, removed } = await context.read((db) => changesOf(lookingIn(context, db, scope), group))
        if (isNew || added.length + removed.length > 0)
          told += await context.write((tx) => tellOne(tx, scope, group, context))
      }
    }
    if (told > 0) context.wake(deliverEvents)
    return { told }
  },
})

/** A resource and its type. */
type Member = readonly [arn: string, type: string]

/** What is another than events said so far. */
async function changesOf(looking: Looking, group: ResourceGroup) {
  const known = await knownMembers(looking.db, group)
  const members = new Map((await membersOf(looking, group)).map(({ arn, keeper }) => [arn, keeper.cloudType]))
  return {
    /** What is there when events are switched on, or when a group is new to them, is no change. */
    isNew: !known.has(''),
    added: [...members].filter(([arn]) => !known.has(arn)),
    removed: [...known].filter(([arn]) => arn !== '' && !members.has(arn)),
  }
}

async function tellOne(tx: Tx, scope: Scope, group: ResourceGroup, context: TaskContext): Promise<number> {
  const { now, ids } = context
  const { isNew, added, removed } = await changesOf(lookingIn(context, tx, scope), group)
  await remember(tx, scope, group, isNew ? [['', ''], ...added] : added)
  await forget(tx, group, removed)
  if (isNew || added.length + removed.length === 0) return 0
  const resources = [
    ...added.map(([arn, type]) => ({ 'membership-change': 'add', arn, 'resource-type': type })),
    ...removed.map(([arn, type]) => ({ 'membership-change': 'remove', arn, 'resource-type': type })),
  ]
  await emitEvent(tx, scope, now(), ids, {
    source: SOURCE,
    detailType: 'ResourceGroups Group Membership Change',
    resources: [groupArn(scope, group.name)],
    detail: { 'event-sequence': now().getTime(), group: identityOf(scope, group), resources },
  })
  return resources.length
}

async function knownMembers(reader: Reader, { id }: ResourceGroup): Promise<Map<string, string>> {
  const rows = await tables<ResourceGroupTables>(reader)
    .selectFrom('group_told')
    .selectAll()
    .where('group_id', '=', id)
    .execute()
  return new Map(rows.map(({ arn, type }) => [arn, type]))
}

async function remember(
  tx: Tx,
  { account, region }: Scope,
  { id }: ResourceGroup,
  members: readonly Member[],
): Promise<void> {
  const rows = members.map(([arn, type]): GroupToldTable => ({ account, region, group_id: id, arn, type }))
  for (let at = 0; at < rows.length; at += AT_ONCE)
    await tables<ResourceGroupTables>(tx)
      .insertInto('group_told')
      .values(rows.slice(at, at + AT_ONCE))
      .execute()
}

async function forget(tx: Tx, { id }: ResourceGroup, members: readonly Member[]): Promise<void> {
  const arns = members.map(([arn]) => arn)
  for (let at = 0; at < arns.length; at += AT_ONCE) {
    const told = tables<ResourceGroupTables>(tx).deleteFrom('group_told').where('group_id', '=', id)
    await told.where('arn', 'in', arns.slice(at, at + AT_ONCE)).execute()
  }
}
