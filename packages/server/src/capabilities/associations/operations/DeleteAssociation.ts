import { removeComplianceItems, setManualAssociation } from '#capabilities/compliance/index.ts'
import { useDocument } from '#capabilities/documents/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { removeResource } from '#capabilities/tags/index.ts'
import { namedAccess } from '../access.ts'
import { namedAssociation } from '../named-association.ts'
import { deleteAssociation } from '../store.ts'

/** Stops future runs; what was done on nodes stays (STM-20). */
export const DeleteAssociation = ssm.write('DeleteAssociation', {
  access: (input, call) => namedAccess(call, 'ssm:DeleteAssociation', input),

  async handle(input, call) {
    const association = await namedAssociation(call, input)
    await deleteAssociation(call.db, association)
    await useDocument(call.db, call.scope, association.id, undefined)
    await removeResource(call.db, call.scope, { type: 'Association', id: association.id })
    await removeComplianceItems(call.db, call.scope, { type: 'Association', itemId: association.id }, call)
    await setManualAssociation(call.db, call.scope, association.id, false)
    return {}
  },
})
