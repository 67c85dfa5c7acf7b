import type { AssociationDescription, CreateAssociationRequest } from '@steward/model/generated/ssm.ts'
import { setManualAssociation } from '#capabilities/compliance/index.ts'
import { documentReference, useDocument } from '#capabilities/documents/index.ts'
import { addResource } from '#capabilities/tags/index.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { type Definition, definitionOf, MOST_ASSOCIATIONS, toDescription } from './association.ts'
import { contentHash } from './content.ts'
import { associationAlreadyExists, tooManyAssociations } from './errors.ts'
import { associate } from './follow-nodes.ts'
import { meantNodes } from './meant-nodes.ts'
import { checkDefinition } from './rules.ts'
import { nextDue } from './schedule.ts'
import { startExecution } from './start-execution.ts'
import { addAssociation, countAssociations, findAssociation, findByNode, statusCounts } from './store.ts'
import type { AssociationTable } from './tables.ts'

/** Checks and stores an association, and applies it at once unless it is for the times of its schedule only (STM-05). */
export async function createAssociation(
  call: WriteCall,
  { Tags, ...input }: CreateAssociationRequest,
): Promise<AssociationDescription> {
  const definition = plain(input)
  const document = await checkDefinition(call, definition)
  if (
    definition.InstanceId !== undefined &&
    (await findByNode(call.db, call.scope, document.name, definition.InstanceId))
  )
    throw associationAlreadyExists()
  if ((await countAssociations(call.db, call.scope)) >= MOST_ASSOCIATIONS) throw tooManyAssociations()
  const row = newRow(call, definition, await contentHash(call.db, call.scope, document, definition.Parameters))
  await addAssociation(call.db, row)
  await useDocument(call.db, call.scope, row.id, definition.Name)
  await addResource(call.db, call.scope, { type: 'Association', id: row.id }, Tags)
  if (definition.SyncCompliance === 'MANUAL') await setManualAssociation(call.db, call.scope, row.id, true)
  await begin(call, row, 'Created')
  call.caused('AWS::SSM::Association', row.id)
  return describe(call, row.id)
}

/** Targets with their members in one order, so that texts of equal definitions are equal. */
export function plain(definition: Definition): Definition {
  const Targets = definition.Targets?.map(({ Key, Values }) => ({ Key, Values }))
  return JSON.parse(JSON.stringify(Targets ? { ...definition, Targets } : definition)) as Definition
}

/** The association is new, or says something new: its nodes get it now, or know that they will. */
export async function begin(call: WriteCall, row: AssociationTable, cause: 'Created' | 'Updated'): Promise<void> {
  if (definitionOf(row).ApplyOnlyAtCronInterval) await associate(call, row, await meantNodes(call, row))
  else await startExecution(call, row, { cause })
}

export async function describe(call: WriteCall, id: string): Promise<AssociationDescription> {
  const row = await findAssociation(call.db, call.scope, id)
  const description = toDescription(row!, (await statusCounts(call.db, [id])).get(id)!)
  return description
}

function newRow({ ids, now, scope }: WriteCall, definition: Definition, contentHash: string): AssociationTable {
  return {
    id: ids.uuid(),
    account: scope.account,
    region: scope.region,
    name: definition.AssociationName ?? null,
    document_name: documentReference(definition.Name).name,
    node_id: definition.InstanceId ?? null,
    version: 1,
    definition: JSON.stringify(definition),
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    content_hash: contentHash,
    next_run: nextDue(definition, now, now)?.toISOString() ?? null,
    last_run_at: null,
    last_success_at: null,
    status: 'Pending',
    detailed_status: 'Creating',
    reported_status: null,
  }
}
