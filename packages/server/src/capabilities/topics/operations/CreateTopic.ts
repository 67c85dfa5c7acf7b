import { invalidParameter } from '../errors.ts'
import { sns } from '../sns.ts'
import { tagConditions, taggingAccess, withTags } from '../tags.ts'
import { attributesOf, checkAttribute, checkTopicName, isKept, topicArn } from '../topic.ts'
import { findTopic, saveTopic, setTags, tagsOf } from '../topic-store.ts'

/** Creating what is there already, with no other attributes and tags than it has, gives its ARN. */
export const CreateTopic = sns.write('CreateTopic', {
  access({ Name, Tags }, call) {
    const resources = [topicArn(call.scope, Name)]
    const create = { action: 'sns:CreateTopic', resources, context: tagConditions(Tags) }
    return [create, ...taggingAccess(resources, Tags)]
  },

  async handle({ Name, Attributes = {}, Tags = [], DataProtectionPolicy }, call) {
    checkTopicName(Name)
    if (DataProtectionPolicy) await checkAttribute(call.db, 'DataProtectionPolicy', DataProtectionPolicy)
    for (const [name, value] of Object.entries(Attributes)) await checkAttribute(call.db, name, value)
    const wanted = Object.fromEntries(Object.entries(Attributes).filter(([name]) => isKept(name)))
    const tags = withTags([], Tags)
    const present = await findTopic(call.db, call.scope, Name)
    if (present) {
      const before = { ...attributesOf(present), Policy: present.policy ?? '' }
      const same = Object.entries({ ...wanted, ...(Attributes.Policy && { Policy: Attributes.Policy }) }).every(
        ([name, value]) => before[name as keyof typeof before] === value,
      )
      if (!same) throw invalidParameter('Attributes Reason: Topic already exists with different attributes')
      const had = new Map((await tagsOf(call.db, call.scope, Name)).map(({ Key, Value }) => [Key, Value]))
      if (tags.some(({ Key, Value }) => had.get(Key) !== Value))
        throw invalidParameter('Tags Reason: Topic already exists with different tags')
      return { TopicArn: topicArn(call.scope, Name) }
    }
    const { account, region } = call.scope
    await saveTopic(call.db, {
      account,
      region,
      name: Name,
      attributes: JSON.stringify(wanted),
      policy: Attributes.Policy || null,
      created_at: call.now.toISOString(),
      deleted_subscriptions: 0,
    })
    await setTags(call.db, call.scope, Name, tags)
    return { TopicArn: topicArn(call.scope, Name) }
  },
})
