import type { AuditEffect } from '@steward/model/generated/steward.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { findCommand } from './store.ts'
import type { CommandTables } from './tables.ts'

/** Nodes that are named one by one; those that failed come first. */
const MOST_NODES = 100

/** What became of a command, for those who follow how it came about. Undefined if it is forgotten. */
export async function commandInBrief(reader: Reader, scope: Scope, id: string): Promise<AuditEffect | undefined> {
  const command = await findCommand(reader, scope, id)
  if (!command) return undefined
  const nodes = await tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'status_details', 'started_at', 'ended_at'])
    .where('command_id', '=', id)
    .orderBy((eb) => eb.case().when('status', '=', 'Failed').then(0).else(1).end())
    .orderBy('position')
    .limit(MOST_NODES)
    .execute()
  return {
    Type: 'Command',
    Id: id,
    Name: command.document_name,
    Status: command.status_details,
    StartDate: new Date(command.requested_at),
    EndDate: dateOf(command.ended_at),
    NodeCount: command.target_count,
    ErrorCount: command.error_count,
    Nodes: nodes.map((row) => ({
      InstanceId: row.node_id,
      Status: row.status_details,
      StartDate: dateOf(row.started_at),
      EndDate: dateOf(row.ended_at),
    })),
  }
}

function dateOf(text: string | null): Date | undefined {
  return text === null ? undefined : new Date(text)
}
