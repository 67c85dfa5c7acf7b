/** Tells of the changes of associations in the transaction that makes them: as events, and as compliance (STM-10). */
import { putComplianceItems } from '#capabilities/compliance/index.ts'
import { documentArn } from '#capabilities/documents/index.ts'
import { deliverEvents, emitEvents, type Happening, Wanted } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { tables } from '#db/database.ts'
import type { Acting } from './acting.ts'
import { associationArn, definitionOf, targetsOf } from './association.ts'
import { statusCounts } from './store.ts'
import type { AssociationNodeTable, AssociationTable, AssociationTables, ExecutionTable } from './tables.ts'

const ASSOCIATION_CHANGED = 'EC2 State Manager Association State Change'
const NODE_CHANGED = 'EC2 State Manager Instance Association State Change'

/** An execution is in another state than before. */
export async function tellAssociation(acting: Acting, execution: ExecutionTable): Promise<void> {
  const { db } = acting
  if (!(await Wanted.by(db, execution)).mayInclude('aws.ssm', ASSOCIATION_CHANGED)) return
  const association = await tables<AssociationTables>(db)
    .selectFrom('association')
    .selectAll()
    .where('id', '=', execution.association_id)
    .executeTakeFirstOrThrow()
  const counts = await statusCounts(db, [association.id])
  await emit(acting, association, {
    detailType: ASSOCIATION_CHANGED,
    resources: [documentArn(association, association.document_name)],
    detail: {
      ...sameDetail(association),
      'association-version': String(execution.version),
      'document-version': definitionOf(association).DocumentVersion ?? '$DEFAULT',
      'last-updated-date': association.updated_at,
      status: execution.status,
      'association-status-aggregated-count': JSON.stringify(Object.fromEntries(counts.get(association.id)!)),
      'schedule-expression': definitionOf(association).ScheduleExpression ?? '',
      'association-cwe-version': '1.0',
    },
  })
}

/** An association has come to something else on a node. */
export async function tellNode(
  acting: Acting,
  association: AssociationTable,
  node: AssociationNodeTable,
): Promise<void> {
  const { db } = acting
  if (!(await Wanted.by(db, association)).mayInclude('aws.ssm', NODE_CHANGED)) return
  await emit(acting, association, {
    detailType: NODE_CHANGED,
    resources: [nodeArn(association, node.node_id), documentArn(association, association.document_name)],
    detail: {
      ...sameDetail(association),
      'instance-id': node.node_id,
      'document-version': node.document_version,
      'last-successful-execution-date': node.succeeded_at ?? '',
      'last-execution-date': node.executed_at ?? '',
      status: node.status,
      'detailed-status': node.detailed_status,
      'error-code': node.error_code,
      'execution-summary': node.summary,
      'output-url': node.output_url ?? '',
      'instance-association-cwe-version': '1',
    },
  })
}

async function emit(acting: Acting, association: AssociationTable, happening: Happening): Promise<void> {
  const about = associationArn(association, association.id)
  await emitEvents(acting.db, association, acting.now, acting.ids, [{ ...happening, about }])
  acting.wake(deliverEvents)
}

function sameDetail(association: AssociationTable) {
  const targets = targetsOf(definitionOf(association)).map(({ Key, Values }) => ({ key: Key, values: Values }))
  return {
    'association-id': association.id,
    'document-name': association.document_name,
    targets: JSON.stringify(targets),
    'creation-date': association.created_at,
    'last-successful-execution-date': association.last_success_at ?? '',
    'last-execution-date': association.last_run_at ?? '',
  }
}

/** Whether the node is as the association wants it, for those who look at compliance. Unless callers say it themselves. */
export async function recordCompliance(
  acting: Acting,
  association: AssociationTable,
  node: AssociationNodeTable,
): Promise<void> {
  const definition = definitionOf(association)
  if (definition.SyncCompliance === 'MANUAL') return
  const item = {
    Id: association.id,
    Title: definition.AssociationName ?? '',
    Severity: definition.ComplianceSeverity ?? 'UNSPECIFIED',
    Status: node.status === 'Success' ? ('COMPLIANT' as const) : ('NON_COMPLIANT' as const),
    Details: { DocumentName: definition.Name, DocumentVersion: definition.DocumentVersion ?? '$DEFAULT' },
  }
  const execution = { id: node.execution_id ?? undefined, type: 'Association', time: acting.now }
  await putComplianceItems(
    acting.db,
    association,
    { nodeId: node.node_id, type: 'Association', execution, items: [item] },
    acting,
  )
}
