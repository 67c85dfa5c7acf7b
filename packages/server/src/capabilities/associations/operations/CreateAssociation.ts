import { ssm } from '#capabilities/ssm.ts'
import { taggingAccess } from '#capabilities/tags/index.ts'
import { applyAccess } from '../access.ts'
import { associationArn } from '../association.ts'
import { createAssociation } from '../create-association.ts'

export const CreateAssociation = ssm.write('CreateAssociation', {
  access: async (input, call) => [
    ...(await applyAccess(call, 'ssm:CreateAssociation', input)),
    ...taggingAccess([associationArn(call.scope, '*')], input.Tags),
  ],

  async handle(input, call) {
    return { AssociationDescription: await createAssociation(call, input) }
  },
})
