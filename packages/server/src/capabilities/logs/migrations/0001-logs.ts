import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { bytesType, type Migration, orderedText, serialKey } from '#db/database.ts'

export const logs0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await schema
      .createTable('log_group')
      .addColumn('id', ...serialKey(kysely))
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('class', 'text', notNull)
      .addColumn('created_at', 'bigint', notNull)
      .addColumn('retention_days', 'integer')
      .addColumn('stored_bytes', 'bigint', notNull)
      .addColumn('deletion_protected', 'integer', notNull)
      .addColumn('kms_key', 'text')
      .addColumn('key_number', 'integer', notNull)
      .execute()
    await schema.createIndex('log_group_name').on('log_group').columns(['account', 'region', 'name']).unique().execute()
    await schema
      .createTable('log_group_key')
      .addColumn('group_id', 'bigint', notNull)
      .addColumn('number', 'integer', notNull)
      .addColumn('sealed', bytesType(kysely))
      .addColumn('kms_blob', bytesType(kysely))
      .addPrimaryKeyConstraint('log_group_key_key', ['group_id', 'number'])
      .execute()
    await schema
      .createTable('log_group_tag')
      .addColumn('group_id', 'bigint', notNull)
      .addColumn('key', orderedText(kysely), notNull)
      .addColumn('value', 'text', notNull)
      .addPrimaryKeyConstraint('log_group_tag_key', ['group_id', 'key'])
      .execute()
    await schema
      .createTable('log_stream')
      .addColumn('id', ...serialKey(kysely))
      .addColumn('group_id', 'bigint', notNull)
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('created_at', 'bigint', notNull)
      .addColumn('first_event_at', 'bigint')
      .addColumn('last_event_at', 'bigint')
      .addColumn('last_ingested_at', 'bigint')
      .execute()
    await schema.createIndex('log_stream_name').on('log_stream').columns(['group_id', 'name']).unique().execute()
    await schema
      .createTable('log_event')
      .addColumn('seq', ...serialKey(kysely))
      .addColumn('group_id', 'bigint', notNull)
      .addColumn('stream_id', 'bigint', notNull)
      .addColumn('at', 'bigint', notNull)
      .addColumn('ingested_at', 'bigint', notNull)
      .addColumn('bytes', 'integer', notNull)
      .addColumn('key_number', 'integer', notNull)
      .addColumn('message', bytesType(kysely), notNull)
      .execute()
    await schema.createIndex('log_event_of_group').on('log_event').columns(['group_id', 'at', 'seq']).execute()
    await schema
      .createTable('log_deleted')
      .addColumn('group_id', 'bigint', notNull)
      .addColumn('stream_id', 'bigint')
      .execute()
    await schema.createIndex('log_event_of_stream').on('log_event').columns(['stream_id', 'at', 'seq']).execute()
  },
}

function notNull(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
