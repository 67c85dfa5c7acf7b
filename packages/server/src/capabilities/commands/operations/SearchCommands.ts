import { noResource } from '#capabilities/ssm.ts'
import { type CommandRequest, tallyOf } from '../command.ts'
import { type CommandPlace, countCommands, type FoundCommand, searchCommands } from '../command-search.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/**
 * Our own operation: the history of commands, searched by whatever is known of them, in any order, with who started each (RC-23). It
 * tells little more than `ListCommands` and needs the same permission.
 */
export const SearchCommands = steward.read('SearchCommands', {
  access: (_input, call) => ({ action: 'ssm:ListCommands', resources: noResource(call.scope) }),

  async handle(input, call) {
    const { db, scope } = call
    const limit = input.MaxResults ?? PAGE
    const search = {
      texts: input.Texts ?? [],
      states: input.Statuses,
      documentNames: input.DocumentNames,
      nodeId: input.InstanceId,
      since: input.RequestedAfter,
      until: input.RequestedBefore,
    }
    const order = { by: input.SortBy ?? 'Requested', descending: input.SortOrder !== 'Ascending' }
    const part = { place: call.cursor<CommandPlace>(), skip: input.Skip ?? 0, limit: limit + 1 }
    const rows = await searchCommands(db, scope, search, order, part)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      Commands: page.map(toFound),
      TotalCount: await countCommands(db, scope, search),
      NextToken: call.nextToken(last && { key: last.key, id: last.id }),
    }
  },
})

function toFound(row: FoundCommand) {
  const request = JSON.parse(row.request) as CommandRequest
  return {
    CommandId: row.id,
    DocumentName: row.document_name,
    DocumentVersion: request.documentVersion,
    Comment: request.comment,
    Status: row.status,
    StatusDetails: row.status_details,
    RequestedAt: new Date(row.requested_at),
    EndedAt: row.ended_at ? new Date(row.ended_at) : undefined,
    TargetCount: row.target_count,
    CompletedCount: row.completed_count,
    ErrorCount: row.error_count,
    DeliveryTimedOutCount: tallyOf(row).ended.DeliveryTimedOut ?? 0,
    Origin: row.origin,
  }
}
