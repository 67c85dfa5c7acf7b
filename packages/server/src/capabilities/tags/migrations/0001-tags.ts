import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const tags0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('taggable')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('resource_type', 'text', (c) => c.notNull())
      .addColumn('resource_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('taggable_key', ['account', 'region', 'resource_type', 'resource_id'])
      .execute()
    await schema
      .createTable('tag')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('resource_type', 'text', (c) => c.notNull())
      .addColumn('resource_id', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('tag_key', ['account', 'region', 'resource_type', 'resource_id', 'key'])
      .execute()
    // Holds all that a search by tag reads, so that it never touches the table.
    await schema
      .createIndex('tag_by_value')
      .on('tag')
      .columns(['account', 'region', 'resource_type', 'key', 'value', 'resource_id'])
      .execute()
  },
}
