import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { bytesType, type Migration, orderedText } from '#db/database.ts'

export const objects0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    const text = orderedText(kysely)
    await schema
      .createTable('object_bucket')
      .addColumn('name', text, notNull)
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('created_at', 'text', notNull)
      .addColumn('settings', 'text', notNull)
      .addColumn('sealed_key', bytesType(kysely), notNull)
      .addPrimaryKeyConstraint('object_bucket_key', ['name'])
      .execute()
    await schema
      .createTable('object_entry')
      .addColumn('bucket', text, notNull)
      .addColumn('key', text, notNull)
      .addColumn('content_id', 'text', notNull)
      .addColumn('size', 'bigint', notNull)
      .addColumn('etag', 'text', notNull)
      .addColumn('modified_at', 'text', notNull)
      .addColumn('attributes', 'text', notNull)
      .addPrimaryKeyConstraint('object_entry_key', ['bucket', 'key'])
      .execute()
    await schema
      .createTable('object_upload')
      .addColumn('id', 'text', notNull)
      .addColumn('bucket', text, notNull)
      .addColumn('key', text, notNull)
      .addColumn('initiated_at', 'text', notNull)
      .addColumn('attributes', 'text', notNull)
      .addPrimaryKeyConstraint('object_upload_key', ['id'])
      .execute()
    await schema.createIndex('object_upload_place').on('object_upload').columns(['bucket', 'key', 'id']).execute()
    await schema
      .createTable('object_part')
      .addColumn('content_id', 'text', notNull)
      .addColumn('number', 'integer', notNull)
      .addColumn('file', 'text', notNull)
      .addColumn('size', 'bigint', notNull)
      .addColumn('etag', 'text', notNull)
      .addColumn('checksum', 'text')
      .addColumn('modified_at', 'text', notNull)
      .addPrimaryKeyConstraint('object_part_key', ['content_id', 'number'])
      .execute()
    await schema
      .createTable('object_garbage')
      .addColumn('file', 'text', notNull)
      .addColumn('removable_at', 'text', notNull)
      .addPrimaryKeyConstraint('object_garbage_key', ['file'])
      .execute()
    await schema.createIndex('object_garbage_time').on('object_garbage').column('removable_at').execute()
  },
}

function notNull(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
