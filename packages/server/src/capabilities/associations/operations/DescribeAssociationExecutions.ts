import { ssm } from '#capabilities/ssm.ts'
import { idsAccess } from '../access.ts'
import { type ExecutionCursor, listExecutions } from '../execution-store.ts'
import { readExecutionFilters } from '../filters.ts'
import { namedAssociation } from '../named-association.ts'
import type { ExecutionTable } from '../tables.ts'

const PAGE = 50

export const DescribeAssociationExecutions = ssm.read('DescribeAssociationExecutions', {
  access: (input, call) => idsAccess(call, 'ssm:DescribeAssociationExecutions', [input.AssociationId]),

  async handle(input, call) {
    const { id } = await namedAssociation(call, { AssociationId: input.AssociationId })
    const limit = input.MaxResults ?? PAGE
    const filters = readExecutionFilters(input.Filters)
    const rows = await listExecutions(call.db, id, filters, call.cursor<ExecutionCursor>(), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      AssociationExecutions: page.map(toExecution),
      NextToken: call.nextToken(last && { at: last.created_at, id: last.id }),
    }
  },
})

function toExecution(row: ExecutionTable) {
  return {
    AssociationId: row.association_id,
    AssociationVersion: String(row.version),
    ExecutionId: row.id,
    Status: row.status,
    DetailedStatus: row.detailed_status,
    CreatedTime: new Date(row.created_at),
    LastExecutionDate: row.last_run_at === null ? undefined : new Date(row.last_run_at),
    ResourceCountByStatus: countText(row),
  }
}

/** As AWS writes it: `{Success=1, Failed=2}`. */
function countText({ ended, in_flight, target_count }: ExecutionTable): string {
  const counts = JSON.parse(ended) as Record<string, number>
  const over = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const all = { ...counts, InProgress: in_flight, Pending: target_count - over - in_flight }
  const shown = Object.entries(all).filter(([, count]) => count > 0)
  return `{${shown.map(([status, count]) => `${status}=${count}`).join(', ')}}`
}
