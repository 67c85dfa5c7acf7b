import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import { bytesType, type Migration, orderedText, serialKey } from '#db/database.ts'

/** Rules and where they lead, the outbox, what is being delivered, and what could not be. */
export const events0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    await createConfiguration(kysely)
    await createQueues(kysely)
    await createHistory(kysely)
  },
}

async function createConfiguration(kysely: Kysely<unknown>): Promise<void> {
  const { schema } = kysely
  await scoped(kysely, schema.createTable('event_bus'), 'name', 'created_at', 'modified_at')
    .addColumn('description', 'text')
    .addColumn('policy', 'text')
    .addPrimaryKeyConstraint('event_bus_key', ['account', 'region', 'name'])
    .execute()
  await scoped(kysely, schema.createTable('event_rule'), 'bus', 'name', 'state')
    .addColumn('pattern', 'text')
    .addColumn('schedule', 'text')
    .addColumn('description', 'text')
    .addColumn('role_arn', 'text')
    .addColumn('next_run', 'text')
    .addPrimaryKeyConstraint('event_rule_key', ['account', 'region', 'bus', 'name'])
    .execute()
  await schema.createIndex('event_rule_due').on('event_rule').column('next_run').execute()
  await scoped(kysely, schema.createTable('event_target'), 'bus', 'rule', 'id', 'arn', 'target')
    .addPrimaryKeyConstraint('event_target_key', ['account', 'region', 'bus', 'rule', 'id'])
    .execute()
  await scoped(kysely, schema.createTable('event_tag'), 'arn', 'key', 'value')
    .addPrimaryKeyConstraint('event_tag_key', ['account', 'region', 'arn', 'key'])
    .execute()
  const connection = ['name', 'uid', 'authorization_type', 'shown', 'created_at', 'modified_at']
  await scoped(kysely, schema.createTable('event_connection'), ...connection)
    .addColumn('description', 'text')
    .addColumn('sealed', bytesType(kysely), notNull)
    .addPrimaryKeyConstraint('event_connection_key', ['account', 'region', 'name'])
    .execute()
  const destination = ['name', 'uid', 'connection_arn', 'endpoint', 'method', 'created_at', 'modified_at']
  await scoped(kysely, schema.createTable('event_api_destination'), ...destination)
    .addColumn('description', 'text')
    .addColumn('rate_limit', 'integer', notNull)
    .addPrimaryKeyConstraint('event_api_destination_key', ['account', 'region', 'name'])
    .execute()
}

const DELIVERY = ['about', 'lane', 'target_arn', 'source_arn', 'event_id', 'payload', 'settings', 'created_at']

async function createQueues(kysely: Kysely<unknown>): Promise<void> {
  const { schema } = kysely
  const serial = serialKey(kysely)
  await scoped(
    kysely,
    schema.createTable('event_outbox').addColumn('seq', ...serial),
    'bus',
    'about',
    'event',
  ).execute()
  await scoped(
    kysely,
    schema.createTable('event_delivery').addColumn('seq', ...serial),
    'id',
    'next_at',
    'expires_at',
    ...DELIVERY,
  )
    .addColumn('attempts', 'integer', notNull)
    .addColumn('max_attempts', 'integer', notNull)
    .execute()
  // What is due of a lane, and who waits for whom.
  await schema.createIndex('event_delivery_due').on('event_delivery').columns(['lane', 'next_at', 'seq']).execute()
  await schema.createIndex('event_delivery_order').on('event_delivery').columns(['lane', 'about', 'seq']).execute()
  await scoped(
    kysely,
    schema.createTable('event_dead_letter').addColumn('seq', ...serial),
    'id',
    'died_at',
    ...DELIVERY,
  )
    .addColumn('attempts', 'integer', notNull)
    .addColumn('error_code', 'text', notNull)
    .addColumn('error_message', 'text', notNull)
    .execute()
  await schema.createIndex('event_dead_letter_by_id').on('event_dead_letter').column('id').unique().execute()
  await schema
    .createIndex('event_dead_letter_by_source')
    .on('event_dead_letter')
    .columns(['account', 'region', 'source_arn', 'seq'])
    .execute()
}

async function createHistory(kysely: Kysely<unknown>): Promise<void> {
  const { schema } = kysely
  await scoped(
    kysely,
    schema.createTable('event_match').addColumn('seq', ...serialKey(kysely)),
    ...['id', 'bus', 'rule', 'event', 'matched_at'],
  ).execute()
  await schema
    .createIndex('event_match_by_rule')
    .on('event_match')
    .columns(['account', 'region', 'bus', 'rule', 'seq'])
    .execute()
  await schema
    .createTable('event_match_delivery')
    .addColumn('delivery_id', 'text', (c) => c.primaryKey())
    .addColumn('match_id', 'text', notNull)
    .addColumn('target_id', 'text', notNull)
    .addColumn('target_arn', 'text', notNull)
    .addColumn('state', 'text', notNull)
    .addColumn('attempts', 'integer', notNull)
    .addColumn('attempted_at', 'text')
    .addColumn('error', 'text')
    .execute()
  await schema.createIndex('event_match_delivery_by_match').on('event_match_delivery').column('match_id').execute()
}

type Table = CreateTableBuilder<string, string>

function scoped(kysely: Kysely<unknown>, table: CreateTableBuilder<string> | Table, ...texts: string[]): Table {
  return ['account', 'region', ...texts].reduce<Table>(
    (built, name) => built.addColumn(name, orderedText(kysely), notNull),
    table as Table,
  )
}

function notNull(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
