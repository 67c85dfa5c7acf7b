import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { bytesType, type Migration, orderedText, serialKey } from '#db/database.ts'

export const inventory0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await schema
      .createTable('inventory_entry')
      .addColumn('id', ...serialKey(kysely))
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('hash', orderedText(kysely), (c) => c.notNull().unique())
      .addColumn('content', 'text', notNull)
      .addColumn('unused_since', 'text')
      .execute()
    await schema
      .createIndex('inventory_entry_of_type')
      .on('inventory_entry')
      .columns(['account', 'region', 'type_name', 'id'])
      .execute()
    await schema
      .createTable('inventory_item')
      .addColumn('node_id', orderedText(kysely), notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('schema_version', 'text', notNull)
      .addColumn('capture_time', 'text', notNull)
      .addColumn('content_hash', 'text')
      .addColumn('digest', 'text', notNull)
      .addColumn('entries', 'integer', notNull)
      .addColumn('reported_at', 'text', notNull)
      .addColumn('changed_at', 'text', notNull)
      .addPrimaryKeyConstraint('inventory_item_key', ['node_id', 'type_name'])
      .execute()
    // With the digest in it, so that what changed is found without looking at the rows.
    await schema
      .createIndex('inventory_item_of_type')
      .on('inventory_item')
      .columns(['account', 'region', 'type_name', 'node_id', 'digest'])
      .execute()
    await schema
      .createTable('inventory_content')
      .addColumn('node_id', orderedText(kysely), notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('entries', bytesType(kysely), notNull)
      .addColumn('own', bytesType(kysely))
      .addPrimaryKeyConstraint('inventory_content_key', ['node_id', 'type_name'])
      .execute()
    await schema
      .createTable('inventory_custom_type')
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('version', 'text', notNull)
      .addColumn('attributes', 'text', notNull)
      .addColumn('disabled', 'integer', notNull)
      .addPrimaryKeyConstraint('inventory_custom_type_key', ['account', 'region', 'type_name', 'version'])
      .execute()
    await schema
      .createTable('inventory_change')
      .addColumn('id', ...serialKey(kysely))
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('node_id', orderedText(kysely), notNull)
      .addColumn('type_name', orderedText(kysely), notNull)
      .addColumn('at', orderedText(kysely), notNull)
      .addColumn('kind', 'text', notNull)
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('before', 'text')
      .addColumn('after', 'text')
      .execute()
    const changes = { all: [], of_node: ['node_id'], of_thing: ['type_name', 'name'] }
    for (const [name, columns] of Object.entries(changes)) {
      await schema
        .createIndex(`inventory_change_${name}`)
        .on('inventory_change')
        .columns(['account', 'region', ...columns, 'id'])
        .execute()
    }
    await schema.createIndex('inventory_change_by_time').on('inventory_change').columns(['at']).execute()
    await schema
      .createTable('inventory_deletion')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('type_name', 'text', notNull)
      .addColumn('client_token', 'text')
      .addColumn('option', 'text')
      .addColumn('counts', 'text', notNull)
      .addColumn('remaining', 'text', notNull)
      .addColumn('status', 'text', notNull)
      .addColumn('started_at', orderedText(kysely), notNull)
      .addColumn('updated_at', 'text', notNull)
      .execute()
    await schema
      .createIndex('inventory_deletion_started')
      .on('inventory_deletion')
      .columns(['account', 'region', 'started_at', 'id'])
      .execute()
  },
}

const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
