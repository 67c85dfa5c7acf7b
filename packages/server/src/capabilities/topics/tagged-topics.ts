/** Tags of topics, for those who look at the tags of everything. */
import { smallKeeper } from '#capabilities/tags/index.ts'
import { tables } from '#db/database.ts'
import type { TopicTables } from './tables.ts'
import { withTags } from './tags.ts'
import { topicArn } from './topic.ts'
import { listTopics, requireTopic, setTags, tagsOf } from './topic-store.ts'

/** More than anybody has. */
const ALL = 1_000_000

export const topicKeeper = smallKeeper({
  type: 'sns:topic',
  cloudType: 'AWS::SNS::Topic',
  tagging: 'sns:TagResource',
  untagging: 'sns:UntagResource',
  idOf(scope, arn) {
    const prefix = topicArn(scope, '')
    const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : ''
    // A subscription's ARN goes on.
    return name === '' || name.includes(':') ? undefined : name
  },
  async all(reader, scope) {
    const names = await listTopics(reader, scope, '', ALL)
    const rows = await tables<TopicTables>(reader)
      .selectFrom('topic_tag')
      .selectAll()
      .where('account', '=', scope.account)
      .where('region', '=', scope.region)
      .orderBy('key')
      .execute()
    const tags = Map.groupBy(rows, ({ topic }) => topic)
    return names.map((id) => ({
      id,
      arn: topicArn(scope, id),
      tags: (tags.get(id) ?? []).map(({ key, value }) => ({ Key: key, Value: value })),
    }))
  },
  async put(tx, scope, name, tags) {
    await requireTopic(tx, scope, name)
    await setTags(tx, scope, name, withTags(await tagsOf(tx, scope, name), tags))
  },
  async remove(tx, scope, name, keys) {
    await requireTopic(tx, scope, name)
    const left = (await tagsOf(tx, scope, name)).filter(({ Key }) => !keys.includes(Key))
    await setTags(tx, scope, name, left)
  },
})
