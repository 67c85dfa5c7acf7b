/** Keeps groups of applications in step with tags: what carries the tag of a task is in its group, what lost it is not (RG-11). */
import type { ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { findGroup, membershipChanges, setMembers } from '#capabilities/groups/index.ts'
import { noteChange } from '#db/changes.ts'
import type { Reader, Tx } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { findResources, type Wanted } from './find-resources.ts'
import { wantedByQuery } from './members.ts'
import type { TagSyncTable } from './tables.ts'
import { allTagSync } from './tag-sync-store.ts'

const EVERY_MS = 2_000
/** More than anybody has. */
const ALL = 1_000_000
/** Rows in one statement: databases take only so many values at once. */
const AT_ONCE = 500

export const syncTags = task({
  name: 'resource-groups.sync-tags',
  everyMs: EVERY_MS,
  async run(context) {
    const tasks = await context.read((reader) => allTagSync(reader).execute())
    const groups = Map.groupBy(tasks, ({ account, region, group_name }) => `${account} ${region} ${group_name}`)
    let changed = 0
    for (const ofGroup of groups.values()) changed += await context.write((tx) => syncOne(tx, ofGroup, context))
    return { changed }
  },
})

async function syncOne(tx: Tx, tasks: readonly TagSyncTable[], { now }: TaskContext): Promise<number> {
  const scope = tasks[0]!
  const group = await findGroup(tx, scope, scope.group_name)
  if (!group) return 0
  const wanted = new Set((await Promise.all(tasks.map((one) => arnsOf(tx, scope, one)))).flat())
  const present = (await membershipChanges(tx, group)).filter(({ action }) => action === 'GROUP')
  const known = new Set(present.map(({ arn }) => arn))
  const added = [...wanted].filter((arn) => !known.has(arn))
  const removed = present.filter(({ arn, synced }) => synced === 1 && !wanted.has(arn)).map(({ arn }) => arn)
  for (const [arns, action] of [
    [added, 'GROUP'],
    [removed, 'UNGROUP'],
  ] as const) {
    for (let at = 0; at < arns.length; at += AT_ONCE)
      await setMembers(tx, group, arns.slice(at, at + AT_ONCE), action, now(), true)
  }
  const changed = added.length + removed.length
  if (changed > 0) noteChange(tx, { kind: 'groups', ids: [group.name], region: scope.region })
  return changed
}

async function arnsOf(reader: Reader, scope: Scope, sync: TagSyncTable): Promise<string[]> {
  const wanted = wantedBy(sync)
  return wanted ? (await findResources(reader, scope, wanted, undefined, ALL)).map(({ arn }) => arn) : []
}

function wantedBy({ tag_key, tag_value, query }: TagSyncTable): Wanted | undefined {
  if (query !== null) return wantedByQuery(JSON.parse(query) as ResourceQuery)
  return { filters: [{ key: tag_key!, values: [tag_value!] }], ofType: () => true, untagged: false, bare: true }
}
