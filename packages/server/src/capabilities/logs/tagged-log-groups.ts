/** Tags of log groups, for those who look at the tags of everything. */
import { smallKeeper, toMap } from '#capabilities/tags/index.ts'
import { tables } from '#db/database.ts'
import { listGroups, requireGroup } from './group-store.ts'
import { putTags, removeTags } from './log-tags.ts'
import { groupArn } from './names.ts'
import type { LogTables } from './tables.ts'

/** More than anybody has. */
const ALL = 1_000_000

export const logGroupKeeper = smallKeeper({
  type: 'logs:log-group',
  cloudType: 'AWS::Logs::LogGroup',
  tagging: 'logs:TagResource',
  untagging: 'logs:UntagResource',
  idOf(scope, arn) {
    const prefix = groupArn(scope, '')
    return arn.startsWith(prefix) ? arn.slice(prefix.length).replace(/:\*$/, '') : undefined
  },
  async all(reader, scope) {
    const groups = await listGroups(reader, scope, {}, '', ALL)
    const rows = await tables<LogTables>(reader).selectFrom('log_group_tag').selectAll().orderBy('key').execute()
    const tags = Map.groupBy(rows, ({ group_id }) => group_id)
    return groups.map(({ id, name }) => ({
      id: name,
      arn: groupArn(scope, name),
      tags: (tags.get(id) ?? []).map(({ key, value }) => ({ Key: key, Value: value })),
    }))
  },
  async put(tx, scope, name, tags) {
    await putTags(tx, (await requireGroup(tx, scope, name)).id, toMap(tags))
  },
  async remove(tx, scope, name, keys) {
    await removeTags(tx, (await requireGroup(tx, scope, name)).id, keys)
  },
})
