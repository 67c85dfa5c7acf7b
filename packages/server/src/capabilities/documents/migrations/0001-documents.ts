import type { CreateTableBuilder, Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const documents0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await withKey(schema.createTable('document'))
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('default_version', 'integer', (c) => c.notNull())
      .addColumn('latest_version', 'integer', (c) => c.notNull())
      .addColumn('last_version', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('document_key', ['account', 'region', 'name'])
      .execute()
    await withKey(schema.createTable('document_version'))
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('version_name', 'text')
      .addColumn('display_name', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('format', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('schema_version', 'text', (c) => c.notNull())
      .addColumn('platform_types', 'text', (c) => c.notNull())
      .addColumn('requires', 'text')
      .addColumn('target_type', 'text')
      .addColumn('author', 'text', (c) => c.notNull())
      .addColumn('review_status', 'text')
      .addPrimaryKeyConstraint('document_version_key', ['account', 'region', 'name', 'version'])
      .addUniqueConstraint('document_version_by_version_name', ['account', 'region', 'name', 'version_name'])
      .execute()
    await withKey(schema.createTable('document_share'))
      .addColumn('shared_with', 'text', (c) => c.notNull())
      .addColumn('shared_version', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('document_share_key', ['account', 'region', 'name', 'shared_with'])
      .execute()
    await schema
      .createIndex('document_share_by_receiver')
      .on('document_share')
      .columns(['region', 'shared_with', 'account', 'name'])
      .execute()
    await withKey(schema.createTable('document_review'))
      .addColumn('sequence', 'integer', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('reviewer', 'text', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('comment', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('document_review_key', ['account', 'region', 'name', 'sequence'])
      .execute()
  },
}

function withKey(table: CreateTableBuilder<string>) {
  return table
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
}
