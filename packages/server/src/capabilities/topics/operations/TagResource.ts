import { ApiError } from '#kernel/api-error.ts'
import type { Call } from '#kernel/declare.ts'
import { sns } from '../sns.ts'
import { tagConditions, withTags } from '../tags.ts'
import { topicNamed } from '../topic.ts'
import { findTopic, setTags, tagsOf } from '../topic-store.ts'

export const TagResource = sns.write('TagResource', {
  access: (input) => ({
    action: 'sns:TagResource',
    resources: [input.ResourceArn],
    context: tagConditions(input.Tags),
  }),

  async handle({ ResourceArn, Tags }, call) {
    const name = await topicToTag(ResourceArn, call)
    await setTags(call.db, call.scope, name, withTags(await tagsOf(call.db, call.scope, name), Tags))
    return {}
  },
})

export const UntagResource = sns.write('UntagResource', {
  access: (input) => ({
    action: 'sns:UntagResource',
    resources: [input.ResourceArn],
    context: { 'aws:TagKeys': input.TagKeys },
  }),

  async handle({ ResourceArn, TagKeys }, call) {
    const name = await topicToTag(ResourceArn, call)
    const left = (await tagsOf(call.db, call.scope, name)).filter(({ Key }) => !TagKeys.includes(Key))
    await setTags(call.db, call.scope, name, left)
    return {}
  },
})

export const ListTagsForResource = sns.read('ListTagsForResource', {
  access: (input) => ({ action: 'sns:ListTagsForResource', resources: [input.ResourceArn] }),

  async handle({ ResourceArn }, call) {
    return { Tags: await tagsOf(call.db, call.scope, await topicToTag(ResourceArn, call)) }
  },
})

/** Its name. Throws `ResourceNotFound`. */
async function topicToTag(arn: string, { db, scope }: Call): Promise<string> {
  const name = topicNamed(scope, arn, 'ResourceArn')
  if (!(await findTopic(db, scope, name))) throw new ApiError('ResourceNotFound', 'Resource does not exist')
  return name
}
