import { ssm } from '#capabilities/ssm.ts'
import { parameterNotFound } from '../errors.ts'
import { parameterArn, parseOwnReference } from '../name.ts'
import { removeParameter } from '../remove-parameter.ts'

export const DeleteParameter = ssm.write('DeleteParameter', {
  access: (input, call) => ({
    action: 'ssm:DeleteParameter',
    resources: [parameterArn(call.scope, parseOwnReference(call.scope, input.Name).key)],
  }),

  async handle(input, call) {
    if (!(await removeParameter(call, parseOwnReference(call.scope, input.Name).key))) throw parameterNotFound()
    return {}
  },
})
