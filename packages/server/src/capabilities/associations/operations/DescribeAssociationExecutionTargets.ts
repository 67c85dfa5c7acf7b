import { ssm } from '#capabilities/ssm.ts'
import { idsAccess } from '../access.ts'
import { executionDoesNotExist } from '../errors.ts'
import { findExecution, listRuns } from '../execution-store.ts'
import { readRunFilters } from '../filters.ts'
import { namedAssociation } from '../named-association.ts'
import type { ExecutionTable, RunTable } from '../tables.ts'

const PAGE = 50
/** All that associations are applied to. */
const RESOURCE_TYPE = 'ManagedInstance'

export const DescribeAssociationExecutionTargets = ssm.read('DescribeAssociationExecutionTargets', {
  access: (input, call) => idsAccess(call, 'ssm:DescribeAssociationExecutionTargets', [input.AssociationId]),

  async handle(input, call) {
    const { id } = await namedAssociation(call, { AssociationId: input.AssociationId })
    const execution = await findExecution(call.db, id, input.ExecutionId)
    if (!execution) throw executionDoesNotExist(input.ExecutionId)
    const filters = readRunFilters(input.Filters, RESOURCE_TYPE)
    if (filters === 'none') return { AssociationExecutionTargets: [] }
    const limit = input.MaxResults ?? PAGE
    const rows = await listRuns(call.db, execution.id, filters, call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    return {
      AssociationExecutionTargets: page.map((run) => toTarget(execution, run)),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.node_id : undefined),
    }
  },
})

/** A run is no command, so the only place that has what it put out is a bucket. */
function toTarget({ version }: ExecutionTable, run: RunTable) {
  return {
    AssociationId: run.association_id,
    AssociationVersion: String(version),
    ExecutionId: run.execution_id,
    ResourceId: run.node_id,
    ResourceType: RESOURCE_TYPE,
    Status: run.status,
    DetailedStatus: run.detailed_status,
    LastExecutionDate: run.executed_at === null ? undefined : new Date(run.executed_at),
    OutputSource: run.output_url === null ? undefined : { OutputSourceId: run.output_url, OutputSourceType: 'S3' },
  }
}
