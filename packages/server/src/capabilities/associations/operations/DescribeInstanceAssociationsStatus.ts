import { findNodes, nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { definitionOf } from '../association.ts'
import { invalidInstanceId } from '../errors.ts'
import { listNodeStates } from '../node-state.ts'
import { associationsById } from '../store.ts'
import type { AssociationNodeTable, AssociationTable } from '../tables.ts'

const PAGE = 50

export const DescribeInstanceAssociationsStatus = ssm.read('DescribeInstanceAssociationsStatus', {
  access: (input, call) => ({
    action: 'ssm:DescribeInstanceAssociationsStatus',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle(input, call) {
    const [node] = await findNodes(call.db, call.scope, [input.InstanceId])
    if (!node) throw invalidInstanceId(input.InstanceId)
    const limit = input.MaxResults ?? PAGE
    const rows = await listNodeStates(call.db, call.scope, input.InstanceId, call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    const associations = await associationsById(
      call.db,
      page.map(({ association_id }) => association_id),
    )
    return {
      InstanceAssociationStatusInfos: page.map((row) => toInfo(row, associations.get(row.association_id)!)),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.association_id : undefined),
    }
  },
})

function toInfo(row: AssociationNodeTable, association: AssociationTable) {
  const { Name, AssociationName, DocumentVersion = '$DEFAULT' } = definitionOf(association)
  return {
    AssociationId: association.id,
    Name,
    DocumentVersion: row.document_version || DocumentVersion,
    AssociationVersion: String(row.version),
    InstanceId: row.node_id,
    ExecutionDate: row.executed_at === null ? undefined : new Date(row.executed_at),
    Status: row.status,
    DetailedStatus: row.detailed_status,
    ExecutionSummary: row.summary || undefined,
    ErrorCode: row.error_code || undefined,
    OutputUrl: row.output_url === null ? undefined : { S3OutputUrl: { OutputUrl: row.output_url } },
    AssociationName,
  }
}
