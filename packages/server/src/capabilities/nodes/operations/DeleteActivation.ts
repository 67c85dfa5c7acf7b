import { noResource, ssm } from '#capabilities/ssm.ts'
import { deleteActivation } from '../activation-store.ts'
import { invalidActivationId } from '../errors.ts'

/** No further machine can register with it; nodes that did are not touched. */
export const DeleteActivation = ssm.write('DeleteActivation', {
  access: (_input, { scope }) => ({ action: 'ssm:DeleteActivation', resources: noResource(scope) }),

  async handle(input, call) {
    if (!(await deleteActivation(call.db, call.scope, input.ActivationId))) throw invalidActivationId()
    return {}
  },
})
