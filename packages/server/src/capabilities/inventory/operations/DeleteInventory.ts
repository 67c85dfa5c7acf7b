import type { DeleteInventoryResult } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { customTypes, disableType, forgetType } from '../custom-type.ts'
import { deleteData } from '../delete-data.ts'
import { addDeletion, countReports, findDeletion, summaryOf } from '../deletion.ts'
import { invalidDeletion, invalidTypeName } from '../errors.ts'

/** Deletes what nodes reported of a custom type, and perhaps the type (INV-15). The data goes in the background. */
export const DeleteInventory = ssm.write('DeleteInventory', {
  access: (_input, { scope }) => ({ action: 'ssm:DeleteInventory', resources: noResource(scope) }),

  async handle({ TypeName: typeName, SchemaDeleteOption: option, DryRun = false, ClientToken }, call) {
    const { db, scope, now } = call
    const before = ClientToken ? await findDeletion(db, scope, { client_token: ClientToken }) : undefined
    if (before && (before.typeName !== typeName || before.option !== option))
      throw invalidDeletion('The ClientToken was used with other parameters.')
    if (before) return answer(typeName, before.counts, before.id)
    const type = (await customTypes(db, scope)).get(typeName)
    if (!type) throw invalidTypeName(typeName, `There is no custom type ${typeName}.`)
    const counts = await countReports(db, scope, typeName)
    if (DryRun) return answer(typeName, counts)
    const id = call.ids.uuid()
    await addDeletion(db, { id, scope, typeName, option, counts, startedAt: now }, ClientToken)
    if (option === 'DisableSchema') await disableType(db, scope, type)
    if (option === 'DeleteSchema') await forgetType(db, scope, typeName)
    call.wake(deleteData)
    return answer(typeName, counts, id)
  },
})

function answer(TypeName: string, counts: Parameters<typeof summaryOf>[0], DeletionId?: string): DeleteInventoryResult {
  return { ...(DeletionId && { DeletionId }), TypeName, DeletionSummary: summaryOf(counts) }
}
