import { type Kysely, sql } from 'kysely'
import { bytesType, type Migrations } from '#db/database.ts'

export interface CommandTables {
  command: CommandRow
  command_invocation: InvocationRow
  command_output: OutputRow
}

export interface CommandRow {
  id: string
  account: string
  region: string
  requested_at: string
  /** No node is handed the command after this. */
  deliver_until: string
  expires_at: string
  /** ISO, or null while something of it is open. */
  ended_at: string | null
  document_name: string
  /** JSON: what the caller asked for, as the API echoes it. */
  request: string
  /** JSON: names and plugins of the document's steps, in order. */
  steps: string
  /** JSON: platforms that the document supports. */
  platforms: string
  /** The text that agents get. */
  payload: string
  status: string
  status_details: string
  /** 0 while `targets` are not yet looked up. */
  resolved: number
  concurrency_limit: number
  error_limit: number
  cancel_requested: number
  target_count: number
  started_count: number
  answered_count: number
  in_flight: number
  cancelling_count: number
  completed_count: number
  error_count: number
  /** JSON: how many invocations ended in each way. */
  ended: string
  /** 1 while targets are to be looked up, or waiting nodes may begin: what the dispatcher looks for. */
  dispatch_due: number
  /** ARN of the caller, or what started the command. */
  origin: string
  /** JSON: the topic that is told of changes, and of which; null if none is. */
  notifications: string | null
  /** In lower case: what a search finds the command by. Null in commands from before there was a search. */
  words: string | null
}

/**
 * One command on one node. `stage` is where delivery stands: `waiting` for its turn, `sent` and leased, `running` since the
 * node took it, `done`.
 */
export interface InvocationRow {
  command_id: string
  node_id: string
  account: string
  region: string
  node_name: string
  document_name: string
  requested_at: string
  /** Order of dispatch within the command. */
  position: number
  stage: 'waiting' | 'sent' | 'running' | 'done'
  /** Of a sent one: when it is handed out again. Of a waiting one: not before this, if set. */
  lease_until: string | null
  status: string
  status_details: string
  response_code: number
  started_at: string | null
  ended_at: string | null
  /** JSON of the replies so far; null before the first. */
  replies: string | null
  trace_output: string
  /** JSON of what the replies say, in short; null before the first. */
  digests: string | null
  /** The other state that a result told of which came after the end; null if none did. */
  late_status: string | null
  /** Job id of the cancellation under way; null if none. */
  cancel_job: string | null
  cancel_stage: 'wanted' | 'sent' | null
  /** When a cancelled but silent invocation counts as cancelled (sent and taken), or is handed out again (sent). */
  cancel_due: string | null
  output_bytes: number
  /** 1 while the node has something to fetch or to report. */
  open: number
}

/** A piece of a step's full output. Pieces of one stream follow each other without gap. */
export interface OutputRow {
  command_id: string
  node_id: string
  step: string
  stream: 'stdout' | 'stderr'
  /** Bytes of the stream before this piece. */
  start_byte: number
  length: number
  /** Order of arrival within the command, for those who follow it. */
  sequence: number
  data: Uint8Array
}

/**
 * In the flags by which rows are found through an index of only those that have them. For a value that is handed in with each question
 * SQLite plans the question anew each time, to see whether the index is good for it.
 */
export const YES = sql.lit(1)

export const migrations: Migrations = {
  'commands-0001': { up },
  'commands-0002': { up: addNotifications },
  'commands-0003': { up: addDigests },
  'commands-0004': { up: addWords },
  'commands-0005': { up: addLateStatus },
  'commands-0006': { up: keepOpenCommandsOutOfTheEnded },
}

async function up(kysely: Kysely<unknown>): Promise<void> {
  const { schema } = kysely
  await schema
    .createTable('command')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('region', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'text', (column) => column.notNull())
    .addColumn('deliver_until', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('document_name', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('platforms', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('status_details', 'text', (column) => column.notNull())
    .addColumn('resolved', 'integer', (column) => column.notNull())
    .addColumn('concurrency_limit', 'integer', (column) => column.notNull())
    .addColumn('error_limit', 'integer', (column) => column.notNull())
    .addColumn('cancel_requested', 'integer', (column) => column.notNull())
    .addColumn('target_count', 'integer', (column) => column.notNull())
    .addColumn('started_count', 'integer', (column) => column.notNull())
    .addColumn('answered_count', 'integer', (column) => column.notNull())
    .addColumn('in_flight', 'integer', (column) => column.notNull())
    .addColumn('cancelling_count', 'integer', (column) => column.notNull())
    .addColumn('completed_count', 'integer', (column) => column.notNull())
    .addColumn('error_count', 'integer', (column) => column.notNull())
    .addColumn('ended', 'text', (column) => column.notNull())
    .addColumn('dispatch_due', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createIndex('command_by_time')
    .on('command')
    .columns(['account', 'region', 'requested_at', 'id'])
    .execute()
  await schema
    .createIndex('command_open')
    .on('command')
    .column('expires_at')
    .where(sql<boolean>`ended_at is null`)
    .execute()
  await schema
    .createIndex('command_dispatch')
    .on('command')
    .column('id')
    .where(sql<boolean>`dispatch_due = 1`)
    .execute()
  await schema.createIndex('command_ended').on('command').column('ended_at').execute()

  await schema
    .createTable('command_invocation')
    .addColumn('command_id', 'text', (column) => column.notNull())
    .addColumn('node_id', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('region', 'text', (column) => column.notNull())
    .addColumn('node_name', 'text', (column) => column.notNull())
    .addColumn('document_name', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('lease_until', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('status_details', 'text', (column) => column.notNull())
    .addColumn('response_code', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('replies', 'text')
    .addColumn('trace_output', 'text', (column) => column.notNull())
    .addColumn('cancel_job', 'text')
    .addColumn('cancel_stage', 'text')
    .addColumn('cancel_due', 'text')
    .addColumn('output_bytes', 'integer', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('command_invocation_key', ['command_id', 'node_id'])
    .execute()
  await schema
    .createIndex('command_invocation_by_time')
    .on('command_invocation')
    .columns(['account', 'region', 'requested_at', 'command_id', 'node_id'])
    .execute()
  await schema
    .createIndex('command_invocation_by_node')
    .on('command_invocation')
    .columns(['node_id', 'requested_at', 'command_id'])
    .execute()
  await schema
    .createIndex('command_invocation_open')
    .on('command_invocation')
    .column('node_id')
    .where(sql<boolean>`open = 1`)
    .execute()
  await schema
    .createIndex('command_invocation_stage')
    .on('command_invocation')
    .columns(['command_id', 'stage', 'position'])
    .execute()
  await schema
    .createIndex('command_invocation_lease')
    .on('command_invocation')
    .column('lease_until')
    .where(sql<boolean>`lease_until is not null`)
    .execute()
  await schema
    .createIndex('command_invocation_cancel_due')
    .on('command_invocation')
    .column('cancel_due')
    .where(sql<boolean>`cancel_due is not null`)
    .execute()
  await schema
    .createIndex('command_invocation_cancel')
    .on('command_invocation')
    .column('cancel_job')
    .where(sql<boolean>`cancel_job is not null`)
    .execute()

  await schema
    .createTable('command_output')
    .addColumn('command_id', 'text', (column) => column.notNull())
    .addColumn('node_id', 'text', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('start_byte', 'integer', (column) => column.notNull())
    .addColumn('length', 'integer', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('data', bytesType(kysely), (column) => column.notNull())
    .addPrimaryKeyConstraint('command_output_key', ['command_id', 'node_id', 'step', 'stream', 'start_byte'])
    .execute()
  await schema
    .createIndex('command_output_order')
    .on('command_output')
    .columns(['command_id', 'sequence'])
    .unique()
    .execute()
}

async function addNotifications({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('command').addColumn('notifications', 'text').execute()
}

async function addDigests({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('command_invocation').addColumn('digests', 'text').execute()
}

async function addWords({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('command').addColumn('words', 'text').execute()
}

async function addLateStatus({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('command_invocation').addColumn('late_status', 'text').execute()
}

/**
 * Of an index that has them all SQLite believes that few commands have not ended, and goes through all of these for those whose time is
 * over.
 */
async function keepOpenCommandsOutOfTheEnded({ schema }: Kysely<unknown>): Promise<void> {
  await schema.dropIndex('command_ended').execute()
  await schema
    .createIndex('command_ended')
    .on('command')
    .column('ended_at')
    .where(sql<boolean>`ended_at is not null`)
    .execute()
}
