import { noResource, ssm } from '#capabilities/ssm.ts'
import { tagConditions, taggingAccess } from '#capabilities/tags/index.ts'
import { CODE_LENGTH, expiryOf, hashOfCode, tagsOfActivation } from '../activation.ts'
import { addActivation } from '../activation-store.ts'
import { checkRole, nodeArn, passRole } from '../node.ts'

export const CreateActivation = ssm.write('CreateActivation', {
  access: (input, call) => [
    { action: 'ssm:CreateActivation', resources: noResource(call.scope), context: tagConditions(input.Tags) },
    // Its tags become those of nodes that nobody knows yet.
    ...taggingAccess([nodeArn(call.scope, '*')], input.Tags),
    passRole(call.scope, input.IamRole),
  ],

  async handle(input, call) {
    checkRole(input.IamRole)
    const id = call.ids.uuid()
    const code = call.ids.secret(CODE_LENGTH)
    await addActivation(call.db, {
      scope: call.scope,
      id,
      codeHash: hashOfCode(code),
      description: input.Description,
      defaultInstanceName: input.DefaultInstanceName,
      iamRole: input.IamRole,
      registrationLimit: input.RegistrationLimit ?? 1,
      registrationsCount: 0,
      expiresAt: expiryOf(input.ExpirationDate, call.now),
      createdAt: call.now,
      tags: tagsOfActivation(input.Tags),
      registrationMetadata: input.RegistrationMetadata ?? [],
    })
    return { ActivationId: id, ActivationCode: code }
  },
})
