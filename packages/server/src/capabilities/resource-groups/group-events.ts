/** Says what happened to groups themselves, where their account wants to know (RG-10). What happens to members is found by a task. */
import { deliverEvents, emitEvent } from '#capabilities/events/index.ts'
import { groupArn, type ResourceGroup } from '#capabilities/groups/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ResourceGroupTables } from './tables.ts'

export const SOURCE = 'aws.resource-groups'

export async function wantsEvents(reader: Reader, { account, region }: Scope): Promise<boolean> {
  const events = tables<ResourceGroupTables>(reader).selectFrom('group_events').selectAll()
  return (await events.where('account', '=', account).where('region', '=', region).executeTakeFirst()) !== undefined
}

/** Every account and Region that wants events. */
export function scopesWithEvents(reader: Reader): Promise<Scope[]> {
  return tables<ResourceGroupTables>(reader).selectFrom('group_events').selectAll().execute()
}

export async function setEvents(tx: Tx, { account, region }: Scope, wanted: boolean): Promise<void> {
  const db = tables<ResourceGroupTables>(tx)
  for (const table of ['group_events', 'group_told'] as const)
    await db.deleteFrom(table).where('account', '=', account).where('region', '=', region).execute()
  if (wanted) await db.insertInto('group_events').values({ account, region }).execute()
}

export async function tellOfGroup(
  { db, scope, now, ids, wake }: WriteCall,
  change: 'create' | 'update' | 'delete',
  group: ResourceGroup,
): Promise<void> {
  noteChange(db, { kind: 'groups', ids: [group.name], region: scope.region })
  if (!(await wantsEvents(db, scope))) return
  await emitEvent(db, scope, now, ids, {
    source: SOURCE,
    detailType: 'ResourceGroups Group State Change',
    resources: [groupArn(scope, group.name)],
    detail: {
      'event-sequence': now.getTime(),
      'state-change': change,
      group: { ...identityOf(scope, group), ...stateOf(group) },
    },
  })
  wake(deliverEvents)
}

/** How events name a group. */
export function identityOf(scope: Scope, { id, name }: ResourceGroup) {
  return { arn: groupArn(scope, name), name, 'unique-id': id }
}

function stateOf({ description, query, configuration }: ResourceGroup) {
  return {
    description,
    ...(query && { 'resource-query': { type: query.Type, query: query.Query } }),
    ...(configuration && {
      configuration: configuration.map(({ Type, Parameters = [] }) => ({
        type: Type,
        parameters: Parameters.map(({ Name, Values = [] }) => ({ name: Name, values: Values })),
      })),
    }),
  }
}
