import type { Kysely } from 'kysely'
import type { TargetNode } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { bulkInserter, inserter, statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { CommandRequest, StepName } from './command.ts'
import { NO_CODE } from './invocation.ts'
import type { Progress } from './progress.ts'
import { invocationStatus } from './status.ts'
import type { CommandRow, CommandTables, InvocationRow } from './tables.ts'

const insertInvocations = bulkInserter<CommandTables>('command_invocation')
const insertCommand = inserter<CommandTables>('command')

export async function addCommand(tx: Tx, command: CommandRow): Promise<void> {
  await insertCommand(tx, { ...command })
  noteChange(tx, { kind: 'commands', ids: [command.id], region: command.region })
}

/** A command's invocations, one for each node; those whose platform the document does not support end at once. */
export async function addInvocations(
  tx: Tx,
  command: Pick<CommandRow, 'id' | 'account' | 'region' | 'document_name' | 'requested_at' | 'platforms'>,
  nodes: readonly TargetNode[],
  progress: Progress,
): Promise<void> {
  const platforms = JSON.parse(command.platforms) as string[]
  const rows = nodes.map((node, position) => newInvocation(command, node, position))
  await insertInvocations(
    tx,
    rows.map((row) => ({ ...row })),
  )
  for (const [position, { platformType }] of nodes.entries()) {
    // A node that has not yet said what it is gets the command; its agent knows.
    if (platformType && !platforms.includes(platformType))
      await progress.ended(rows[position]!, 'InvalidPlatform', NO_CODE)
  }
}

function newInvocation(
  command: Pick<CommandRow, 'id' | 'account' | 'region' | 'document_name' | 'requested_at'>,
  node: TargetNode,
  position: number,
): InvocationRow {
  return {
    command_id: command.id,
    node_id: node.nodeId,
    account: command.account,
    region: command.region,
    node_name: node.name,
    document_name: command.document_name,
    requested_at: command.requested_at,
    position,
    stage: 'waiting',
    lease_until: null,
    status: invocationStatus('Pending'),
    status_details: 'Pending',
    response_code: NO_CODE,
    started_at: null,
    ended_at: null,
    replies: null,
    digests: null,
    late_status: null,
    trace_output: '',
    cancel_job: null,
    cancel_stage: null,
    cancel_due: null,
    output_bytes: 0,
    open: 1,
  }
}

export async function findCommand(reader: Reader, scope: Scope, id: string): Promise<CommandRow | undefined> {
  const row = await tables<CommandTables>(reader)
    .selectFrom('command')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && row.account === scope.account && row.region === scope.region ? row : undefined
}

/** The requests and steps of some commands, by id. */
export async function commandTexts(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, Pick<CommandRow, 'id' | 'request' | 'steps'>>> {
  if (ids.length === 0) return new Map()
  const rows = await tables<CommandTables>(reader)
    .selectFrom('command')
    .select(['id', 'request', 'steps'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

const invocationByKey = statement(
  (db: Kysely<CommandTables>, commandId: string, nodeId: string, account: string, region: string) =>
    db
      .selectFrom('command_invocation')
      .select([
        'command_id',
        'node_id',
        'document_name',
        'stage',
        'status',
        'status_details',
        'response_code',
        'replies',
      ])
      .where('command_id', '=', commandId)
      .where('node_id', '=', nodeId)
      .where('account', '=', account)
      .where('region', '=', region),
)

const textsOfCommand = statement((db: Kysely<CommandTables>, id: string) =>
  db.selectFrom('command').select(['request', 'steps']).where('id', '=', id),
)

/** What never changes of a command. */
export interface CommandContent {
  readonly request: CommandRequest
  readonly steps: readonly StepName[]
}

const REMEMBERED_COMMANDS = 2_000
const contents = new Map<string, CommandContent>()

/** The content of a command. Remembered, since a command is asked after again and again, on many nodes. */
async function contentOf(reader: Reader, id: string): Promise<CommandContent | undefined> {
  const known = contents.get(id)
  if (known) return known
  const [texts] = await textsOfCommand(reader, id)
  if (!texts) return undefined
  const content = { request: JSON.parse(texts.request), steps: JSON.parse(texts.steps) }
  if (contents.size >= REMEMBERED_COMMANDS) contents.delete(contents.keys().next().value!)
  contents.set(id, content)
  return content
}

/** What is shown of one invocation. Few columns: it is asked for again and again until it has ended. */
export interface FoundInvocation {
  readonly row: Pick<
    InvocationRow,
    'command_id' | 'node_id' | 'document_name' | 'stage' | 'status' | 'status_details' | 'response_code' | 'replies'
  >
  readonly command: CommandContent
}

/** An invocation with the content of its command; undefined unless it is of that scope. */
export async function findInvocation(
  reader: Reader,
  { account, region }: Scope,
  commandId: string,
  nodeId: string,
): Promise<FoundInvocation | undefined> {
  const [row] = await invocationByKey(reader, commandId, nodeId, account, region)
  const command = row && (await contentOf(reader, commandId))
  return command && { row, command }
}

export type CommandStage = 'Executing' | 'Complete'

/** All of them must hold: of two statuses there is nothing that has both. */
export interface CommandFilters {
  readonly id?: string
  readonly nodeId?: string
  readonly after: readonly string[]
  readonly before: readonly string[]
  readonly statuses: readonly string[]
  readonly details: readonly string[]
  readonly stages: readonly CommandStage[]
  readonly documentNames: readonly string[]
}

export interface CommandCursor {
  readonly at: string
  readonly id: string
}

/** Commands, newest first, after `cursor`. */
export function listCommands(
  reader: Reader,
  scope: Scope,
  filters: CommandFilters,
  cursor: CommandCursor | undefined,
  limit: number,
): Promise<CommandRow[]> {
  let query = tables<CommandTables>(reader)
    .selectFrom('command')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
  if (filters.id) query = query.where('id', '=', filters.id)
  if (filters.nodeId) {
    const touched = tables<CommandTables>(reader)
      .selectFrom('command_invocation')
      .select('command_id')
      .where('node_id', '=', filters.nodeId)
    query = query.where('id', 'in', touched)
  }
  for (const at of filters.after) query = query.where('requested_at', '>', at)
  for (const at of filters.before) query = query.where('requested_at', '<', at)
  for (const status of filters.statuses) query = query.where('status', '=', status)
  for (const details of filters.details) query = query.where('status_details', '=', details)
  for (const stage of filters.stages) query = query.where('ended_at', stage === 'Executing' ? 'is' : 'is not', null)
  for (const name of filters.documentNames) query = query.where('document_name', '=', name)
  if (cursor) query = query.where((eb) => eb(eb.refTuple('requested_at', 'id'), '<', eb.tuple(cursor.at, cursor.id)))
  return query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export interface InvocationCursor extends CommandCursor {
  readonly node: string
}

/** Invocations, newest command first, in each by node id downwards, after `cursor`. */
export function listInvocations(
  reader: Reader,
  scope: Scope,
  filters: Omit<CommandFilters, 'stages'>,
  cursor: InvocationCursor | undefined,
  limit: number,
): Promise<InvocationRow[]> {
  let query = tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
  if (filters.id) query = query.where('command_id', '=', filters.id)
  if (filters.nodeId) query = query.where('node_id', '=', filters.nodeId)
  for (const at of filters.after) query = query.where('requested_at', '>', at)
  for (const at of filters.before) query = query.where('requested_at', '<', at)
  for (const status of filters.statuses) query = query.where('status', '=', status)
  for (const details of filters.details) query = query.where('status_details', '=', details)
  for (const name of filters.documentNames) query = query.where('document_name', '=', name)
  if (cursor) {
    query = query.where((eb) =>
      eb(eb.refTuple('requested_at', 'command_id', 'node_id'), '<', eb.tuple(cursor.at, cursor.id, cursor.node)),
    )
  }
  return query
    .orderBy('requested_at', 'desc')
    .orderBy('command_id', 'desc')
    .orderBy('node_id', 'desc')
    .limit(limit)
    .execute()
}
