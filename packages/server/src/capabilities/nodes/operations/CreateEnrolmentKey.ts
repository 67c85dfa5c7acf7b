import { noResource } from '#capabilities/ssm.ts'
import { tagConditions, taggingAccess } from '#capabilities/tags/index.ts'
import { CODE_LENGTH, hashOfCode, tagsOfActivation } from '../activation.ts'
import { addActivation } from '../activation-store.ts'
import { expiryOfKey, KEY_LIMIT, termsOf } from '../enrolment-key.ts'
import { addTerms } from '../enrolment-key-store.ts'
import { checkRole, nodeArn, passRole } from '../node.ts'
import { steward } from '../steward.ts'

/**
 * Our own operation: an activation beyond the limits of AWS's (HYB-14). It takes what CreateActivation takes, and more, for a
 * key that does not expire is more than whoever may make activations of a month was meant to have.
 */
export const CreateEnrolmentKey = steward.write('CreateEnrolmentKey', {
  access: (input, call) => [
    { action: 'steward:CreateEnrolmentKey', resources: ['*'] },
    { action: 'ssm:CreateActivation', resources: noResource(call.scope), context: tagConditions(input.Tags) },
    ...taggingAccess([nodeArn(call.scope, '*')], input.Tags),
    passRole(call.scope, input.IamRole),
  ],

  async handle(input, call) {
    checkRole(input.IamRole)
    const id = call.ids.uuid()
    const code = call.ids.secret(CODE_LENGTH)
    const terms = termsOf(input)
    await addActivation(call.db, {
      scope: call.scope,
      id,
      codeHash: hashOfCode(code),
      description: input.Description,
      defaultInstanceName: input.DefaultInstanceName,
      iamRole: input.IamRole,
      registrationLimit: input.RegistrationLimit ?? KEY_LIMIT,
      registrationsCount: 0,
      expiresAt: expiryOfKey(input.ExpirationDate, call.now),
      createdAt: call.now,
      tags: tagsOfActivation(input.Tags),
      registrationMetadata: [],
    })
    await addTerms(call.db, id, terms)
    return { ActivationId: id, ActivationCode: code }
  },
})
