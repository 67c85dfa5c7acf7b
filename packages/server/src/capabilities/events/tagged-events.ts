/** Tags of rules and of buses, for those who look at the tags of everything. */
import { smallKeeper, type TaggedResource } from '#capabilities/tags/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { customBuses, requireBus } from './bus-store.ts'
import { busArn, DEFAULT_BUS, ruleArn } from './names.ts'
import { requireRule } from './rule-store.ts'
import type { EventTables } from './tables.ts'
import { putTags, removeTags } from './tag-store.ts'

const actions = { tagging: 'events:TagResource', untagging: 'events:UntagResource' }

export const busKeeper = smallKeeper({
  ...actions,
  type: 'events:event-bus',
  cloudType: 'AWS::Events::EventBus',
  idOf: (scope, arn) => after(busArn(scope, ''), arn),
  async all(reader, scope) {
    const names = [DEFAULT_BUS, ...(await customBuses(reader, scope)).map(({ name }) => name)]
    const resources = [...new Set(names)].map((id) => ({ id, arn: busArn(scope, id) }))
    return withTags(reader, scope, resources)
  },
  async put(tx, scope, name, tags) {
    await requireBus(tx, scope, name)
    await putTags(tx, scope, busArn(scope, name), tags)
  },
  async remove(tx, scope, name, keys) {
    await requireBus(tx, scope, name)
    await removeTags(tx, scope, busArn(scope, name), keys)
  },
})

/** The id of a rule is what its ARN says: its name, with that of its bus before it unless that is the default one. */
export const ruleKeeper = smallKeeper({
  ...actions,
  type: 'events:rule',
  cloudType: 'AWS::Events::Rule',
  idOf: (scope, arn) => after(ruleArn(scope, DEFAULT_BUS, ''), arn),
  async all(reader, scope) {
    const rows = await tables<EventTables>(reader)
      .selectFrom('event_rule')
      .select(['bus', 'name'])
      .where('account', '=', scope.account)
      .where('region', '=', scope.region)
      .execute()
    const prefix = ruleArn(scope, DEFAULT_BUS, '')
    const arns = rows.map(({ bus, name }) => ruleArn(scope, bus, name))
    const resources = arns.map((arn) => ({ id: arn.slice(prefix.length), arn }))
    return withTags(reader, scope, resources)
  },
  async put(tx, scope, id, tags) {
    await requireRule(tx, scope, keyOf(id))
    await putTags(tx, scope, `${ruleArn(scope, DEFAULT_BUS, '')}${id}`, tags)
  },
  async remove(tx, scope, id, keys) {
    await requireRule(tx, scope, keyOf(id))
    await removeTags(tx, scope, `${ruleArn(scope, DEFAULT_BUS, '')}${id}`, keys)
  },
})

function keyOf(id: string): { bus: string; name: string } {
  const slash = id.lastIndexOf('/')
  return { bus: slash < 0 ? DEFAULT_BUS : id.slice(0, slash), name: id.slice(slash + 1) }
}

function after(prefix: string, arn: string): string | undefined {
  return arn.startsWith(prefix) && arn.length > prefix.length ? arn.slice(prefix.length) : undefined
}

async function withTags(
  reader: Reader,
  { account, region }: Scope,
  resources: readonly { id: string; arn: string }[],
): Promise<TaggedResource[]> {
  const rows = await tables<EventTables>(reader)
    .selectFrom('event_tag')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .orderBy('key')
    .execute()
  const tags = Map.groupBy(rows, ({ arn }) => arn)
  return resources.map((resource) => ({
    ...resource,
    tags: (tags.get(resource.arn) ?? []).map(({ key, value }) => ({ Key: key, Value: value })),
  }))
}
