import { ssm } from '#capabilities/ssm.ts'
import { expiryOf } from '../activation.ts'
import { activationAccess, makeActivation } from '../make-activation.ts'

export const CreateActivation = ssm.write('CreateActivation', {
  access: (input, call) => activationAccess(call, input),

  handle: (input, call) =>
    makeActivation(call, input, {
      registrationLimit: input.RegistrationLimit ?? 1,
      expiresAt: expiryOf(input.ExpirationDate, call.now),
    }),
})
