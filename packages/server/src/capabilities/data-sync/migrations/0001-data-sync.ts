import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { type Migration, orderedText } from '#db/database.ts'

export const dataSync0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await schema
      .createTable('data_sync')
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('type', 'text', notNull)
      .addColumn('settings', 'text', notNull)
      .addColumn('created_at', 'text', notNull)
      .addColumn('modified_at', 'text', notNull)
      .addColumn('last_sync_at', 'text')
      .addColumn('last_success_at', 'text')
      .addColumn('status', 'text', notNull)
      .addColumn('message', 'text', notNull)
      .addColumn('wrote_to', 'text')
      .addPrimaryKeyConstraint('data_sync_key', ['account', 'region', 'name'])
      .execute()
    await schema
      .createTable('data_sync_object')
      .addColumn('sync_id', 'text', notNull)
      .addColumn('node_id', orderedText(kysely), notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('fingerprint', 'text', notNull)
      .addPrimaryKeyConstraint('data_sync_object_key', ['sync_id', 'node_id', 'type_name'])
      .execute()
  },
}

const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
