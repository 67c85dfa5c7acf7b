import { ssm } from '#capabilities/ssm.ts'
import { parameterArn, parseOwnReference } from '../name.ts'
import { removeParameter } from '../remove-parameter.ts'

export const DeleteParameters = ssm.write('DeleteParameters', {
  access: (input, call) => ({
    action: 'ssm:DeleteParameters',
    resources: input.Names.map((name) => parameterArn(call.scope, parseOwnReference(call.scope, name).key)),
  }),

  async handle(input, call) {
    const DeletedParameters: string[] = []
    const InvalidParameters: string[] = []
    for (const name of new Set(input.Names)) {
      const { key } = parseOwnReference(call.scope, name)
      const list = (await removeParameter(call, key)) ? DeletedParameters : InvalidParameters
      list.push(name)
    }
    return { DeletedParameters, InvalidParameters: InvalidParameters.sort() }
  },
})
