import { ssm } from '#capabilities/ssm.ts'
import { mustExist, tagsOf } from '../store.ts'
import { resourceArn, resourceNamed } from '../tag.ts'

export const ListTagsForResource = ssm.read('ListTagsForResource', {
  access: (input, call) => ({
    action: 'ssm:ListTagsForResource',
    resources: [resourceArn(call.scope, resourceNamed(call.scope, input.ResourceType, input.ResourceId))],
  }),

  async handle(input, call) {
    const resource = resourceNamed(call.scope, input.ResourceType, input.ResourceId)
    await mustExist(call.db, call.scope, resource)
    return { TagList: await tagsOf(call.db, call.scope, resource) }
  },
})
