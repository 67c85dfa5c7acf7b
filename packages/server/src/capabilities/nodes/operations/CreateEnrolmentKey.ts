import { expiryOfKey, KEY_LIMIT, termsOf } from '../enrolment-key.ts'
import { addTerms } from '../enrolment-key-store.ts'
import { activationAccess, makeActivation } from '../make-activation.ts'
import { steward } from '../steward.ts'

/**
 * Our own operation: an activation beyond the limits of AWS's (HYB-14). It takes what CreateActivation takes, and more, for a
 * key that does not expire is more than whoever may make activations of a month was meant to have.
 */
export const CreateEnrolmentKey = steward.write('CreateEnrolmentKey', {
  access: (input, call) => [
    { action: 'steward:CreateEnrolmentKey', resources: ['*'] },
    ...activationAccess(call, input),
  ],

  async handle(input, call) {
    const terms = termsOf(input)
    const key = await makeActivation(call, input, {
      registrationLimit: input.RegistrationLimit ?? KEY_LIMIT,
      expiresAt: expiryOfKey(input.ExpirationDate, call.now),
    })
    await addTerms(call.db, key.ActivationId, terms)
    return key
  },
})
