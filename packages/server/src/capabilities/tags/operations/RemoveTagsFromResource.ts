import { ssm } from '#capabilities/ssm.ts'
import { removeTags } from '../store.ts'
import { resourceArn, resourceNamed } from '../tag.ts'
import { noteTagged } from '../tag-changes.ts'

export const RemoveTagsFromResource = ssm.write('RemoveTagsFromResource', {
  access: (input, call) => ({
    action: 'ssm:RemoveTagsFromResource',
    resources: [resourceArn(call.scope, resourceNamed(call.scope, input.ResourceType, input.ResourceId))],
    context: { 'aws:TagKeys': input.TagKeys },
  }),

  async handle(input, call) {
    const resource = resourceNamed(call.scope, input.ResourceType, input.ResourceId)
    await removeTags(call.db, call.scope, resource, input.TagKeys)
    noteTagged(call.db, call.scope, resource)
    return {}
  },
})
