import { ssm } from '#capabilities/ssm.ts'
import { idsAccess } from '../access.ts'
import { namedAssociation } from '../named-association.ts'
import { startExecution } from '../start-execution.ts'

/** Applies associations now, beside their schedules. */
export const StartAssociationsOnce = ssm.write('StartAssociationsOnce', {
  access: (input, call) => idsAccess(call, 'ssm:StartAssociationsOnce', input.AssociationIds),

  async handle(input, call) {
    const associations = []
    for (const id of new Set(input.AssociationIds))
      associations.push(await namedAssociation(call, { AssociationId: id }))
    for (const association of associations) await startExecution(call, association, { cause: 'Requested' })
    return {}
  },
})
