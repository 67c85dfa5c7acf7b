import { namedArn } from '../name.ts'
import { unpublish } from '../publish.ts'
import { steward } from '../steward.ts'

/** Takes back what was imported. Names that are not there are left out of the count. */
export const DeletePublicParameters = steward.write('DeletePublicParameters', {
  access: ({ Names }, call) => ({
    action: 'steward:DeletePublicParameters',
    resources: Names.map((name) => namedArn(call.scope, name)),
  }),

  async handle({ Names }, call) {
    let deleted = 0
    for (const name of Names) if (await unpublish(call, name)) deleted += 1
    return { Deleted: deleted }
  },
})
