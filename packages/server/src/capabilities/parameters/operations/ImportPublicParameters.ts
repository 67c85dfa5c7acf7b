import { namedArn } from '../name.ts'
import { publish } from '../publish.ts'
import { steward } from '../steward.ts'

/** Everybody may read what it writes, in the Region that is called. */
export const ImportPublicParameters = steward.write('ImportPublicParameters', {
  access: ({ Parameters }, call) => ({
    action: 'steward:ImportPublicParameters',
    resources: Parameters.map(({ Name }) => namedArn(call.scope, Name)),
  }),

  async handle({ Parameters }, call) {
    let written = 0
    for (const parameter of Parameters) if (await publish(call, parameter)) written += 1
    return { Written: written, Unchanged: Parameters.length - written }
  },
})
