import type { Call } from '#kernel/declare.ts'
import { findBus } from '../bus-store.ts'
import { noSuchBus, noSuchRule } from '../errors.ts'
import { events } from '../events.ts'
import { DEFAULT_BUS } from '../names.ts'
import { findRule } from '../rule-store.ts'
import { putTags, removeTags, tagConditions, tagsOf } from '../tag-store.ts'

export const TagResource = events.write('TagResource', {
  access: (input) => ({
    action: 'events:TagResource',
    resources: [input.ResourceARN],
    context: tagConditions(input.Tags),
  }),

  async handle({ ResourceARN, Tags }, call) {
    await mustExist(ResourceARN, call)
    await putTags(call.db, call.scope, ResourceARN, Tags)
    return {}
  },
})

export const UntagResource = events.write('UntagResource', {
  access: (input) => ({
    action: 'events:UntagResource',
    resources: [input.ResourceARN],
    context: { 'aws:TagKeys': input.TagKeys },
  }),

  async handle({ ResourceARN, TagKeys }, call) {
    await mustExist(ResourceARN, call)
    await removeTags(call.db, call.scope, ResourceARN, TagKeys)
    return {}
  },
})

export const ListTagsForResource = events.read('ListTagsForResource', {
  access: (input) => ({ action: 'events:ListTagsForResource', resources: [input.ResourceARN] }),

  async handle({ ResourceARN }, call) {
    await mustExist(ResourceARN, call)
    return { Tags: await tagsOf(call.db, call.scope, ResourceARN) }
  },
})

/** Rules and buses carry tags. */
async function mustExist(arn: string, { db, scope }: Call): Promise<void> {
  const [, , , region, account, resource = ''] = arn.split(':')
  const [kind, ...names] = resource.split('/')
  const here = region === scope.region && account === scope.account
  const name = names.at(-1) ?? ''
  if (kind === 'rule') {
    const bus = names.slice(0, -1).join('/') || DEFAULT_BUS
    if (!here || !(await findRule(db, scope, { bus, name }))) throw noSuchRule(name, bus)
  } else if (!here || kind !== 'event-bus' || !(await findBus(db, scope, name))) throw noSuchBus(name || arn)
}
