import { ssm } from '#capabilities/ssm.ts'
import { putTags } from '../store.ts'
import { resourceArn, resourceNamed, tagConditions } from '../tag.ts'
import { noteTagged } from '../tag-changes.ts'

export const AddTagsToResource = ssm.write('AddTagsToResource', {
  access: (input, call) => ({
    action: 'ssm:AddTagsToResource',
    resources: [resourceArn(call.scope, resourceNamed(call.scope, input.ResourceType, input.ResourceId))],
    context: tagConditions(input.Tags),
  }),

  async handle(input, call) {
    const resource = resourceNamed(call.scope, input.ResourceType, input.ResourceId)
    await putTags(call.db, call.scope, resource, input.Tags)
    noteTagged(call.db, call.scope, resource)
    return {}
  },
})
