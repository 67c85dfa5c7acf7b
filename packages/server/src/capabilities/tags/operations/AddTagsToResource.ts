import { ssm } from '#capabilities/ssm.ts'
import { putTags } from '../store.ts'
import { resourceArn, resourceNamed } from '../tag.ts'

export const AddTagsToResource = ssm.write('AddTagsToResource', {
  access: (input, call) => ({
    action: 'ssm:AddTagsToResource',
    resources: [resourceArn(call.scope, resourceNamed(call.scope, input.ResourceType, input.ResourceId))],
    context: {
      'aws:TagKeys': input.Tags.map(({ Key }) => Key),
      ...Object.fromEntries(input.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    },
  }),

  async handle(input, call) {
    const resource = resourceNamed(call.scope, input.ResourceType, input.ResourceId)
    await putTags(call.db, call.scope, resource, input.Tags)
    return {}
  },
})
