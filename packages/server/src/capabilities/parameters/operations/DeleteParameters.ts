import { ssm } from '#capabilities/ssm.ts'
import { namedArn, parseOwnReference } from '../name.ts'
import { removeParameter } from '../remove-parameter.ts'

export const DeleteParameters = ssm.write('DeleteParameters', {
  access: (input, call) => ({
    action: 'ssm:DeleteParameters',
    resources: input.Names.map((name) => namedArn(call.scope, name)),
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
