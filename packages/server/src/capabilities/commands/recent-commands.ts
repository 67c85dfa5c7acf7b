/** Commands as summaries and searches show them. */
import type { FleetCommand, FleetCommandsSummary, FleetHour } from '@steward/model/generated/steward.ts'
import { type RawBuilder, sql } from 'kysely'
import { type Reader, select, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import type { CommandRequest } from './command.ts'
import type { CommandRow, CommandTables } from './tables.ts'

const DAY_MS = 24 * 3600 * 1000
const HOUR_MS = 3600 * 1000
const SHOWN = 5
/** A search looks at the latest commands only, whatever a history holds. */
const SEARCHED = 5000
const CANDIDATES = 500

const FAILED: ReadonlySet<string> = new Set(['Failed', 'TimedOut', 'Cancelled'])
const OPEN: ReadonlySet<string> = new Set(['Pending', 'InProgress', 'Cancelling', 'Delayed'])

/** The commands of the last 24 hours by status and by hour, the latest of them, and the latest that failed. */
export async function summarizeCommands(reader: Reader, scope: Scope, now: Date): Promise<FleetCommandsSummary> {
  const since = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - DAY_MS + HOUR_MS)
  const rows = await select<{ hour: string; status: string; count: number }>(
    reader,
    sql`select substr(requested_at, 1, 13) as hour, status, count(*) as count from command
      where account = ${scope.account} and region = ${scope.region} and requested_at >= ${since.toISOString()}
      group by 1, 2`,
  )
  const counted = rows.map((row) => ({ ...row, count: Number(row.count) }))
  const statuses = new Map<string, number>()
  for (const { status, count } of counted) statuses.set(status, (statuses.get(status) ?? 0) + count)
  return {
    Since: since,
    Total: counted.reduce((sum, { count }) => sum + count, 0),
    Statuses: [...statuses].map(([Value, Count]) => ({ Value, Count })),
    Hours: hoursSince(since, counted),
    Failures: await latest(reader, scope, since, true),
    Recent: await latest(reader, scope, since, false),
  }
}

function hoursSince(since: Date, rows: readonly { hour: string; status: string; count: number }[]): FleetHour[] {
  return Array.from({ length: DAY_MS / HOUR_MS }, (_, index) => {
    const Hour = new Date(since.getTime() + index * HOUR_MS)
    const ofHour = rows.filter(({ hour }) => hour === Hour.toISOString().slice(0, 13))
    const sum = (is: (status: string) => boolean) =>
      ofHour.filter(({ status }) => is(status)).reduce((total, { count }) => total + count, 0)
    return {
      Hour,
      Success: sum((status) => status === 'Success'),
      Failed: sum((status) => FAILED.has(status)),
      Open: sum((status) => OPEN.has(status)),
    }
  })
}

async function latest(reader: Reader, scope: Scope, since: Date, failures: boolean): Promise<FleetCommand[]> {
  let query = inScope(reader, scope).where('requested_at', '>=', since.toISOString())
  if (failures)
    query = query.where((eb) => eb.or([eb('status', 'in', ['Failed', 'TimedOut']), eb('error_count', '>', 0)]))
  return (await query.limit(SHOWN).execute()).map(toFleetCommand)
}

/** The latest commands whose id, document, comment or parameters have the text in them, whatever its case. */
export async function findCommands(reader: Reader, scope: Scope, text: string, limit: number): Promise<FleetCommand[]> {
  const wanted = text.toLowerCase()
  const inJson = JSON.stringify(wanted).slice(1, -1)
  const recent = inScope(reader, scope).limit(SEARCHED).as('recent')
  const rows = await tables<CommandTables>(reader)
    .selectFrom(recent)
    .selectAll()
    .where((eb) =>
      eb.or([
        hasText(eb.ref('id'), wanted),
        hasText(sql`lower(document_name)`, wanted),
        hasText(sql`lower(request)`, inJson),
      ]),
    )
    .orderBy('requested_at', 'desc')
    .limit(CANDIDATES)
    .execute()
  return rows
    .filter((row) => mentions(row, wanted))
    .slice(0, limit)
    .map(toFleetCommand)
}

/** The latest commands that reached one of the nodes, whose ids `nodes` selects. */
export async function latestCommandsOn(
  reader: Reader,
  scope: Scope,
  nodes: RawBuilder<string>,
): Promise<FleetCommand[]> {
  const recent = inScope(reader, scope).limit(SEARCHED).as('recent')
  const rows = await tables<CommandTables>(reader)
    .selectFrom(recent)
    .selectAll()
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('command_invocation')
          .select('command_invocation.node_id')
          .whereRef('command_invocation.command_id', '=', 'recent.id')
          .where(sql<boolean>`command_invocation.node_id in ${nodes}`),
      ),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map(toFleetCommand)
}

/** A request as it is stored has the text in the names of its members too. */
function mentions({ id, document_name, request }: Columns, wanted: string): boolean {
  const { comment, parameters } = JSON.parse(request) as CommandRequest
  const texts = [id, document_name, comment, ...Object.values(parameters).flat()]
  return texts.some((text) => String(text).toLowerCase().includes(wanted))
}

function inScope(reader: Reader, { account, region }: Scope) {
  return tables<CommandTables>(reader)
    .selectFrom('command')
    .select([
      'id',
      'document_name',
      'request',
      'status_details',
      'requested_at',
      'target_count',
      'completed_count',
      'error_count',
    ])
    .where('account', '=', account)
    .where('region', '=', region)
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
}

type Columns = Pick<
  CommandRow,
  | 'id'
  | 'document_name'
  | 'request'
  | 'status_details'
  | 'requested_at'
  | 'target_count'
  | 'completed_count'
  | 'error_count'
>

function toFleetCommand(row: Columns): FleetCommand {
  const { comment } = JSON.parse(row.request) as CommandRequest
  return {
    CommandId: row.id,
    DocumentName: row.document_name,
    Comment: comment || undefined,
    StatusDetails: row.status_details,
    RequestedDateTime: new Date(row.requested_at),
    TargetCount: row.target_count,
    CompletedCount: row.completed_count,
    ErrorCount: row.error_count,
  }
}
