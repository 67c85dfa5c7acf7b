import { taggedGroup } from '#capabilities/groups/index.ts'
import { noteTagged, putTags, removeTags, tagConditions, tagsOf, toMap, toTags } from '#capabilities/tags/index.ts'
import { checkTags } from '../group-tags.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

/** Answers the tags that were asked for, not all that the group has (RG-02b). */
export const Tag = resourceGroups.write('Tag', {
  access: (input, call) => ({
    ...onGroup('Tag', { Group: input.Arn }, call),
    context: tagConditions(toTags(input.Tags)),
  }),

  async handle({ Arn, Tags }, call) {
    const { db, scope } = call
    const group = taggedGroup((await namedGroup({ Group: Arn }, call)).name)
    await putTags(db, scope, group, checkTags(toTags(Tags), await tagsOf(db, scope, group)))
    noteTagged(db, scope, group)
    return { Arn, Tags }
  },
})

export const Untag = resourceGroups.write('Untag', {
  access: (input, call) => ({
    ...onGroup('Untag', { Group: input.Arn }, call),
    context: { 'aws:TagKeys': input.Keys },
  }),

  async handle({ Arn, Keys }, call) {
    const { db, scope } = call
    const group = taggedGroup((await namedGroup({ Group: Arn }, call)).name)
    await removeTags(db, scope, group, Keys)
    noteTagged(db, scope, group)
    return { Arn, Keys }
  },
})

export const GetTags = resourceGroups.read('GetTags', {
  access: (input, call) => onGroup('GetTags', { Group: input.Arn }, call),

  async handle({ Arn }, call) {
    const { name } = await namedGroup({ Group: Arn }, call)
    return { Arn, Tags: toMap(await tagsOf(call.db, call.scope, taggedGroup(name))) }
  },
})
