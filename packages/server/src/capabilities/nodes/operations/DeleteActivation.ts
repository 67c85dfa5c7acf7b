import { noResource, ssm } from '#capabilities/ssm.ts'
import { deleteActivation } from '../activation-store.ts'
import { removeKey } from '../enrolment-key-store.ts'
import { invalidActivationId } from '../errors.ts'

/** No further machine can register with it, and none waits for it any more; nodes that did are not touched. */
export const DeleteActivation = ssm.write('DeleteActivation', {
  access: (_input, { scope }) => ({ action: 'ssm:DeleteActivation', resources: noResource(scope) }),

  async handle(input, call) {
    if (!(await deleteActivation(call.db, call.scope, input.ActivationId))) throw invalidActivationId()
    await removeKey(call.db, input.ActivationId)
    return {}
  },
})
