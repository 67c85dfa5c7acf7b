/** What is said of inventory on the event bus (INV-17). */
import { emitEvent, type Happening } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import type { ContentChange } from './content-change.ts'
import type { CustomType } from './custom-type.ts'
import type { ReportedItem } from './item.ts'
import type { InventoryItemTable } from './tables.ts'
import type { Taking } from './take-in.ts'

const DETAIL_TYPE = 'Inventory Resource State Change'
/** Changes that one event names. */
const NAMED = 50

/** The members of an event's detail, in AWS's order. */
export function stateChange(
  detail: {
    status: 'succeeded' | 'failed'
    action: 'put' | 'delete' | 'delete-summary'
    nodeId?: string
    reason?: string
    typeName: string
  },
  resources: readonly string[],
): Happening {
  return {
    detailType: DETAIL_TYPE,
    resources,
    detail: {
      'action-status': detail.status,
      action: detail.action,
      'resource-type': 'managed-instance',
      'resource-id': detail.nodeId ?? '',
      'action-reason': detail.reason ?? '',
      'type-name': detail.typeName,
    },
  }
}

/** Data was ignored, because its type was disabled. Resolves with the sentence that says so. */
export async function tellOfDisabled(
  taking: Taking,
  nodeId: string,
  { typeName, version }: ReportedItem,
  custom: ReadonlyMap<string, CustomType>,
): Promise<string> {
  const disabled = custom.get(typeName)?.disabledUpTo
  const reason =
    `The inventory item with type name ${typeName} was sent with a disabled schema version ${version}. ` +
    `You must send a version greater than ${disabled}`
  const happening = stateChange({ status: 'failed', action: 'put', nodeId, reason, typeName }, [
    nodeArn(taking.scope, nodeId),
  ])
  await emit(taking, happening)
  return reason
}

/** Our own event: what changed about a type on a node. */
export async function tellOfChanges(
  taking: Taking,
  item: Pick<InventoryItemTable, 'node_id' | 'type_name' | 'schema_version' | 'capture_time'>,
  changes: readonly ContentChange[],
): Promise<void> {
  if (changes.length === 0) return
  const count = (kind: ContentChange['kind']) => changes.filter((change) => change.kind === kind).length
  await emit(taking, {
    source: 'steward',
    detailType: 'Inventory Content Change',
    resources: [nodeArn(taking.scope, item.node_id)],
    detail: {
      'instance-id': item.node_id,
      'type-name': item.type_name,
      'schema-version': item.schema_version,
      'capture-time': item.capture_time,
      added: count('Added'),
      removed: count('Removed'),
      updated: count('Updated'),
      changes: changes.slice(0, NAMED).map(({ kind, name, before, after }) => ({
        kind,
        name,
        ...(before?.Version !== undefined && { 'version-before': before.Version }),
        ...(after?.Version !== undefined && { 'version-after': after.Version }),
      })),
    },
  })
}

function emit({ tx, scope, now, ids }: Taking, happening: Happening): Promise<void> {
  return emitEvent(tx, scope, now, ids, happening)
}
