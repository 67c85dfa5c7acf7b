import type { ComplianceItemEntryList } from '@steward/model/generated/ssm.ts'
import { findNodes, nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { ASSOCIATION, CUSTOM_TYPES_PER_NODE, checkItems, checkType, isCustom, toExecution } from '../compliance.ts'
import {
  invalidResourceId,
  invalidResourceType,
  notManual,
  partialWithoutAssociation,
  tooManyTypes,
} from '../errors.ts'
import { contentHashOf, isManualAssociation, putComplianceItems, replaceItems, typesOf } from '../store.ts'

export const PutComplianceItems = ssm.write('PutComplianceItems', {
  access: (input, call) => ({ action: 'ssm:PutComplianceItems', resources: [nodeArn(call.scope, input.ResourceId)] }),

  async handle(input, call) {
    const { ResourceId: nodeId, ComplianceType: type, Items: items, ItemContentHash: contentHash } = input
    const { db, scope } = call
    if (input.ResourceType !== 'ManagedInstance') throw invalidResourceType()
    checkType(type)
    checkItems(items)
    if ((await findNodes(db, scope, [nodeId])).length === 0) throw invalidResourceId()
    await checkTypeCount(db, scope, nodeId, type)
    const report = { nodeId, type, execution: toExecution(input.ExecutionSummary), items }

    if (input.UploadType === 'PARTIAL') {
      if (type !== ASSOCIATION) throw partialWithoutAssociation()
      await checkManual(db, scope, items)
      await putComplianceItems(db, scope, report, call)
      return {}
    }
    const known = await contentHashOf(db, scope, report)
    if (contentHash && contentHash === known) return {}
    const isFromNode = call.principal.kind === 'node' && type === ASSOCIATION
    // An agent sends no items when it believes that nothing has changed.
    if (isFromNode && contentHash && items.length === 0) return {}
    await replaceItems(db, scope, report, { contentHash: contentHash || null, keepLasting: isFromNode }, call)
    return {}
  },
})

async function checkTypeCount(reader: Reader, scope: Scope, nodeId: string, type: string): Promise<void> {
  if (!isCustom(type)) return
  const others = (await typesOf(reader, scope, nodeId)).filter((other) => isCustom(other) && other !== type)
  if (others.length >= CUSTOM_TYPES_PER_NODE) throw tooManyTypes(CUSTOM_TYPES_PER_NODE)
}

async function checkManual(reader: Reader, scope: Scope, items: ComplianceItemEntryList): Promise<void> {
  for (const { Id = '' } of items) if (!(await isManualAssociation(reader, scope, Id))) throw notManual(Id)
}
