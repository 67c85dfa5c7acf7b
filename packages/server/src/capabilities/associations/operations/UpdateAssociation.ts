import type { UpdateAssociationRequest } from '@steward/model/generated/ssm.ts'
import { setManualAssociation } from '#capabilities/compliance/index.ts'
import { documentReference, useDocument } from '#capabilities/documents/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { applyAccess, idsAccess } from '../access.ts'
import { associationArn, type Definition, definitionOf, MOST_VERSIONS } from '../association.ts'
import { contentHash } from '../content.ts'
import { begin, describe, plain } from '../create-association.ts'
import { notLatestVersion } from '../errors.ts'
import { namedAssociation } from '../named-association.ts'
import { checkDefinition } from '../rules.ts'
import { nextDue } from '../schedule.ts'
import { dropVersions, findAssociation, saveNewVersion } from '../store.ts'
import type { AssociationTable } from '../tables.ts'

/** Makes a new version. What is left out is cleared, but for the document and the targets, without which there is none (STM-14). */
export const UpdateAssociation = ssm.write('UpdateAssociation', {
  access: async (input, call) => {
    const action = 'ssm:UpdateAssociation'
    const former = await findAssociation(call.db, call.scope, input.AssociationId)
    if (!former) return idsAccess(call, action, [input.AssociationId])
    return applyAccess(call, action, updated(former, input), [associationArn(call.scope, former.id)])
  },

  async handle(input, call) {
    const former = await namedAssociation(call, input)
    requireLatest(former, input)
    const definition = updated(former, input)
    const document = await checkDefinition(call, definition)
    const row: AssociationTable = {
      ...former,
      name: definition.AssociationName ?? null,
      document_name: documentReference(definition.Name).name,
      version: former.version + 1,
      definition: JSON.stringify(definition),
      updated_at: call.now.toISOString(),
      content_hash: await contentHash(call.db, call.scope, document, definition.Parameters),
      next_run: nextDue(definition, call.now, call.now)?.toISOString() ?? null,
    }
    await saveNewVersion(call.db, row)
    await useDocument(call.db, call.scope, row.id, definition.Name)
    await dropVersions(call.db, row.id, row.version - MOST_VERSIONS)
    await setManualAssociation(call.db, call.scope, row.id, definition.SyncCompliance === 'MANUAL')
    await begin(call, row, 'Updated')
    return { AssociationDescription: await describe(call, row.id) }
  },
})

function updated(former: AssociationTable, input: UpdateAssociationRequest): Definition {
  const { AssociationId: _, AssociationVersion: __, ...change } = input
  const { Name, InstanceId, Targets } = definitionOf(former)
  const targets = input.Targets?.length ? input.Targets : Targets
  return plain({
    ...change,
    Name: input.Name ?? Name,
    ...(input.Targets?.length || InstanceId === undefined ? { Targets: targets } : { InstanceId }),
  })
}

function requireLatest(
  { version }: AssociationTable,
  { AssociationVersion: given = '$LATEST' }: UpdateAssociationRequest,
) {
  if (given !== '$LATEST' && Number(given) !== version) throw notLatestVersion(given, version)
}
