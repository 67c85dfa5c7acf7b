import { ssm } from '#capabilities/ssm.ts'
import { addResource } from '#capabilities/tags/index.ts'
import { checkActivation } from '../activation.ts'
import { countRegistration, findActivationAnywhere } from '../activation-store.ts'
import { activationUsedUp, invalidActivation, invalidActivationId } from '../errors.ts'
import { addNode } from '../node-store.ts'
import { parsePublicKey } from '../public-key.ts'

/** Called by an agent that is nobody yet: the activation's id and code are its proof, and say where the node will be. */
export const RegisterManagedInstance = ssm.write('RegisterManagedInstance', {
  authentication: 'none',
  access: () => ({ action: 'ssm:RegisterManagedInstance', resources: ['*'] }),

  async handle(input, call) {
    // Agents with an instance profile register without an activation; there are no such profiles here.
    if (!input.ActivationId || !input.ActivationCode) throw invalidActivation()
    const activation = await findActivationAnywhere(call.db, input.ActivationId)
    if (!activation) throw invalidActivationId()
    checkActivation(activation, input.ActivationCode, call.now)
    const publicKey = parsePublicKey(input.PublicKey, input.PublicKeyType)
    if (!(await countRegistration(call.db, activation.id))) throw activationUsedUp(activation.registrationLimit)

    const nodeId = `mi-${call.ids.hex(17)}`
    await addNode(call.db, {
      scope: activation.scope,
      nodeId,
      activationId: activation.id,
      iamRole: activation.iamRole,
      name: activation.defaultInstanceName,
      fingerprint: input.Fingerprint,
      publicKey,
      registeredAt: call.now,
    })
    await addResource(call.db, activation.scope, { type: 'ManagedInstance', id: nodeId }, activation.tags)
    return { InstanceId: nodeId }
  },
})
