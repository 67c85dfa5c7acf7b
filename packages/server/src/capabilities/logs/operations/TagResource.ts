import type { Call } from '#kernel/declare.ts'
import { invalid } from '../errors.ts'
import { requireGroup } from '../group-store.ts'
import { putTags, removeTags, tagConditions, tagsOf } from '../log-tags.ts'
import { logs } from '../logs.ts'
import { groupResource, parseGroupArn } from '../names.ts'
import type { LogGroupRow } from '../tables.ts'

export const TagResource = logs.write('TagResource', {
  access: ({ resourceArn, tags }) => ({
    action: 'logs:TagResource',
    resources: [resourceArn],
    context: tagConditions(tags),
  }),

  async handle({ resourceArn, tags }, call) {
    await putTags(call.db, (await groupAt(resourceArn, call)).id, tags)
    return {}
  },
})

export const UntagResource = logs.write('UntagResource', {
  access: ({ resourceArn, tagKeys }) => ({
    action: 'logs:UntagResource',
    resources: [resourceArn],
    context: { 'aws:TagKeys': tagKeys },
  }),

  async handle({ resourceArn, tagKeys }, call) {
    await removeTags(call.db, (await groupAt(resourceArn, call)).id, tagKeys)
    return {}
  },
})

export const ListTagsForResource = logs.read('ListTagsForResource', {
  access: ({ resourceArn }) => ({ action: 'logs:ListTagsForResource', resources: [resourceArn] }),

  async handle({ resourceArn }, call) {
    return { tags: await tagsOf(call.db, (await groupAt(resourceArn, call)).id) }
  },
})

// The three older operations name the group itself.

export const TagLogGroup = logs.write('TagLogGroup', {
  access: ({ logGroupName, tags }, call) => ({
    action: 'logs:TagLogGroup',
    resources: [groupResource(call.scope, logGroupName)],
    context: tagConditions(tags),
  }),

  async handle({ logGroupName, tags }, call) {
    await putTags(call.db, (await requireGroup(call.db, call.scope, logGroupName)).id, tags)
    return {}
  },
})

export const UntagLogGroup = logs.write('UntagLogGroup', {
  access: ({ logGroupName, tags }, call) => ({
    action: 'logs:UntagLogGroup',
    resources: [groupResource(call.scope, logGroupName)],
    context: { 'aws:TagKeys': tags },
  }),

  async handle({ logGroupName, tags }, call) {
    await removeTags(call.db, (await requireGroup(call.db, call.scope, logGroupName)).id, tags)
    return {}
  },
})

export const ListTagsLogGroup = logs.read('ListTagsLogGroup', {
  access: ({ logGroupName }, call) => ({
    action: 'logs:ListTagsLogGroup',
    resources: [groupResource(call.scope, logGroupName)],
  }),

  async handle({ logGroupName }, call) {
    return { tags: await tagsOf(call.db, (await requireGroup(call.db, call.scope, logGroupName)).id) }
  },
})

/** Throws `InvalidParameterException`, `ResourceNotFoundException`. */
async function groupAt(arn: string, { db, scope }: Call): Promise<LogGroupRow> {
  const named = parseGroupArn(arn)
  if (!named || named.scope.account !== scope.account || named.scope.region !== scope.region)
    throw invalid(`The resource ${arn} is not a log group of this account and Region.`)
  return requireGroup(db, scope, named.name)
}
