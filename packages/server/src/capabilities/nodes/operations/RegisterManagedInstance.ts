import type { RegisterManagedInstanceRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { addResource } from '#capabilities/tags/index.ts'
import type { Tx } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { type Activation, checkActivation } from '../activation.ts'
import { countRegistration, findActivationAnywhere } from '../activation-store.ts'
import { type Applicant, checkApplicant, mayWait, nameFor } from '../enrolment-key.ts'
import { findTerms } from '../enrolment-key-store.ts'
import { noteRequest, othersWaiting, removeRequest } from '../enrolment-request-store.ts'
import {
  activationUsedUp,
  enrolmentRefused,
  invalidActivation,
  invalidActivationId,
  tooManyWait,
  waitsForApproval,
} from '../errors.ts'
import { addNode } from '../node-store.ts'
import { parsePublicKey } from '../public-key.ts'

/**
 * Called by an agent that is nobody yet: the activation's id and code are its proof, and say where the node will be. A machine that
 * must be approved first is refused, and what it asked for stays: so the refusal is thrown when that is stored.
 */
export const RegisterManagedInstance = ssm.open('RegisterManagedInstance', {
  authentication: 'none',
  access: () => ({ action: 'ssm:RegisterManagedInstance', resources: ['*'] }),

  async handle(input, call) {
    const registered = await call.write((tx) => register(tx, input, call))
    if (registered instanceof ApiError) throw registered
    return { InstanceId: registered }
  },
})

/** The id of the new node, or why the machine must wait. */
async function register(
  tx: Tx,
  input: RegisterManagedInstanceRequest,
  call: Pick<OpenCall, 'now' | 'ids' | 'sourceIp'>,
): Promise<string | ApiError> {
  // Agents with an instance profile register without an activation; there are no such profiles here.
  if (!input.ActivationId || !input.ActivationCode) throw invalidActivation()
  const activation = await findActivationAnywhere(tx, input.ActivationId)
  if (!activation) throw invalidActivationId()
  checkActivation(activation, input.ActivationCode, call.now)
  const publicKey = parsePublicKey(input.PublicKey, input.PublicKeyType)
  const applicant = { fingerprint: input.Fingerprint, sourceIp: call.sourceIp, hostName: input.ComputerName }
  const refusal = await admit(tx, activation, applicant, call)
  if (refusal) return refusal
  if (!(await countRegistration(tx, activation.id))) throw activationUsedUp(activation.registrationLimit)

  const nodeId = `mi-${call.ids.hex(17)}`
  await addNode(tx, {
    scope: activation.scope,
    nodeId,
    activationId: activation.id,
    iamRole: activation.iamRole,
    name: nameFor(activation.defaultInstanceName, applicant.hostName),
    fingerprint: input.Fingerprint,
    publicKey,
    registeredAt: call.now,
  })
  await addResource(tx, activation.scope, { type: 'ManagedInstance', id: nodeId }, activation.tags)
  return nodeId
}

/** Lets the machine in if the activation is no enrolment key or the key lets it; returns why it must wait. */
async function admit(
  tx: Tx,
  activation: Activation,
  applicant: Applicant,
  { now, ids }: Pick<OpenCall, 'now' | 'ids'>,
): Promise<ApiError | undefined> {
  const terms = await findTerms(tx, activation.id)
  if (!terms) return undefined
  checkApplicant(terms, applicant)
  if (!terms.needsApproval) return undefined
  if ((await othersWaiting(tx, activation, applicant)) >= mayWait(activation.registrationLimit)) throw tooManyWait()
  const { id, state } = await noteRequest(tx, activation, applicant, now, ids)
  if (state === 'Waiting') return waitsForApproval(id)
  if (state === 'Refused') return enrolmentRefused(id)
  await removeRequest(tx, id)
  return undefined
}
