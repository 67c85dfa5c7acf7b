import { findNodes } from '#capabilities/nodes/index.ts'
import { idsAccess } from '../access.ts'
import { executionDoesNotExist } from '../errors.ts'
import { findExecution, listRuns } from '../execution-store.ts'
import { namedAssociation } from '../named-association.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/**
 * Our own operation: what a run came to on each of its nodes, and why, which `DescribeAssociationExecutionTargets` does not tell. Needs the
 * permission of that operation.
 */
export const ListAssociationRunNodes = steward.read('ListAssociationRunNodes', {
  access: (input, call) => idsAccess(call, 'ssm:DescribeAssociationExecutionTargets', [input.AssociationId]),

  async handle(input, call) {
    const { id } = await namedAssociation(call, { AssociationId: input.AssociationId })
    const execution = await findExecution(call.db, id, input.ExecutionId)
    if (!execution) throw executionDoesNotExist(input.ExecutionId)
    const limit = input.MaxResults ?? PAGE
    const rows = await listRuns(call.db, execution.id, [], call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    const ids = page.map(({ node_id }) => node_id)
    const names = new Map((await findNodes(call.db, call.scope, ids)).map(({ nodeId, name }) => [nodeId, name]))
    return {
      Nodes: page.map((run) => ({
        InstanceId: run.node_id,
        Name: names.get(run.node_id) ?? '',
        Status: run.status,
        DetailedStatus: run.detailed_status,
        ErrorCode: run.error_code || undefined,
        ExecutionSummary: run.summary || undefined,
        ExecutedAt: run.executed_at === null ? undefined : new Date(run.executed_at),
        OutputUrl: run.output_url ?? undefined,
      })),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.node_id : undefined),
    }
  },
})
