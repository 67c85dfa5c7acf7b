/** Keeps groups of applications in step with tags: what carries the tag of a task is in its group, what lost it is not (RG-11). */
import type { ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { findGroup, type Looking, lookingIn, membershipChanges, setMembers } from '#capabilities/groups/index.ts'
import { noteChange } from '#db/changes.ts'
import type { Tx } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
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
    for (const ofGroup of groups.values()) {
      // Nearly always all is as it should be, and then nothing is written.
      const { added, removed } = await context.read((db) => changesFor(lookingIn(context, db, ofGroup[0]!), ofGroup))
      if (added.length + removed.length > 0) changed += await context.write((tx) => syncOne(tx, ofGroup, context))
    }
    return { changed }
  },
})

/** What the tasks of one group want in it, and out of it. */
async function changesFor(looking: Looking, tasks: readonly TagSyncTable[]) {
  const group = await findGroup(looking.db, looking.scope, tasks[0]!.group_name)
  if (!group) return { added: [], removed: [] }
  const wanted = new Set((await Promise.all(tasks.map((one) => arnsOf(looking, one)))).flat())
  const present = (await membershipChanges(looking.db, group)).filter(({ action }) => action === 'GROUP')
  const known = new Set(present.map(({ arn }) => arn))
  return {
    group,
    added: [...wanted].filter((arn) => !known.has(arn)),
    removed: present.filter(({ arn, synced }) => synced === 1 && !wanted.has(arn)).map(({ arn }) => arn),
  }
}

async function syncOne(tx: Tx, tasks: readonly TagSyncTable[], context: TaskContext): Promise<number> {
  const { group, added, removed } = await changesFor(lookingIn(context, tx, tasks[0]!), tasks)
  if (!group) return 0
  for (const [arns, action] of [
    [added, 'GROUP'],
    [removed, 'UNGROUP'],
  ] as const) {
    for (let at = 0; at < arns.length; at += AT_ONCE)
      await setMembers(tx, group, arns.slice(at, at + AT_ONCE), action, context.now(), true)
  }
  noteChange(tx, { kind: 'groups', ids: [group.name], region: tasks[0]!.region })
  return added.length + removed.length
}

async function arnsOf(looking: Looking, sync: TagSyncTable): Promise<string[]> {
  const wanted = await wantedBy(looking, sync)
  return wanted ? (await findResources(looking.db, looking.scope, wanted, undefined, ALL)).map(({ arn }) => arn) : []
}

async function wantedBy(looking: Looking, { tag_key, tag_value, query }: TagSyncTable): Promise<Wanted | undefined> {
  if (query !== null) return wantedByQuery(looking, JSON.parse(query) as ResourceQuery)
  return { filters: [{ key: tag_key!, values: [tag_value!] }], ofType: () => true, untagged: false, bare: true }
}
