import { ssm } from '#capabilities/ssm.ts'
import { parameterNotFound } from '../errors.ts'
import { namedArn, parseOwnReference } from '../name.ts'
import { removeParameter } from '../remove-parameter.ts'

export const DeleteParameter = ssm.write('DeleteParameter', {
  access: (input, call) => ({
    action: 'ssm:DeleteParameter',
    resources: [namedArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    if (!(await removeParameter(call, parseOwnReference(call.scope, input.Name).key))) throw parameterNotFound()
    return {}
  },
})
