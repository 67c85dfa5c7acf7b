import type { Kysely } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { inserter, statement, updater } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ApprovalState, SessionRow, SessionStatus, SessionTables } from './tables.ts'

const insertSession = inserter<SessionTables>('session')
const update = updater<SessionTables>('session', ['id'])

const byId = statement((db: Kysely<SessionTables>, id: string) =>
  db.selectFrom('session').selectAll().where('id', '=', id),
)

export async function addSession(tx: Tx, row: SessionRow): Promise<void> {
  await insertSession(tx, { ...row })
  noteChange(tx, { kind: 'sessions', ids: [row.id], region: row.region })
}

/** The session with that id, in whatever account and Region. */
export async function sessionById(reader: Reader, id: string): Promise<SessionRow | undefined> {
  return (await byId(reader, id))[0]
}

export async function findSession(
  reader: Reader,
  { account, region }: Scope,
  id: string,
): Promise<SessionRow | undefined> {
  const row = await sessionById(reader, id)
  return row?.account === account && row.region === region ? row : undefined
}

export async function updateSession(tx: Tx, id: string, change: Partial<SessionRow>): Promise<void> {
  await update(tx, [id], change)
  noteChange(tx, { kind: 'sessions', ids: [id] })
}

export function openSessions(reader: Reader): Promise<SessionRow[]> {
  return tables<SessionTables>(reader).selectFrom('session').selectAll().where('ended_at', 'is', null).execute()
}

/** Those of the ids whose session is over, or is not known any more. */
export async function sessionsThatAreOver(reader: Reader, ids: readonly string[]): Promise<Set<string>> {
  const open = await tables<SessionTables>(reader)
    .selectFrom('session')
    .select('id')
    .where('ended_at', 'is', null)
    .where('id', 'in', ids)
    .execute()
  const running = new Set(open.map(({ id }) => id))
  return new Set(ids.filter((id) => !running.has(id)))
}

export interface SessionFilters {
  readonly statuses?: readonly SessionStatus[]
  readonly after?: readonly string[]
  readonly before?: readonly string[]
  readonly nodeIds?: readonly string[]
  /** ARNs, or names as session ids begin with. */
  readonly owners?: readonly string[]
  readonly ids?: readonly string[]
  /** `any`: those that need or needed one. */
  readonly approval?: ApprovalState | 'any'
}

export interface SessionCursor {
  readonly at: string
  readonly id: string
}

/** Sessions, newest first, after `cursor`. Every value of every filter must hold, but for the statuses, of which one must. */
export function listSessions(
  reader: Reader,
  { account, region }: Scope,
  filters: SessionFilters,
  cursor: SessionCursor | undefined,
  limit: number,
): Promise<SessionRow[]> {
  let query = tables<SessionTables>(reader)
    .selectFrom('session')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
  const { statuses, after = [], before = [], nodeIds = [], owners = [], ids = [], approval } = filters
  if (statuses) query = query.where('status', 'in', statuses)
  for (const at of after) query = query.where('started_at', '>', at)
  for (const at of before) query = query.where('started_at', '<', at)
  for (const nodeId of nodeIds) query = query.where('node_id', '=', nodeId)
  for (const owner of owners)
    query = query.where((eb) => eb.or([eb('owner_arn', '=', owner), eb('owner_name', '=', owner)]))
  for (const id of ids) query = query.where('id', '=', id)
  if (approval === 'any') query = query.where('approval', 'is not', null)
  else if (approval) query = query.where('approval', '=', approval)
  if (cursor) query = query.where((eb) => eb(eb.refTuple('started_at', 'id'), '<', eb.tuple(cursor.at, cursor.id)))
  return query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
