import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const documents0002: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('document_use')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('used_by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('document_use_key', ['account', 'region', 'name', 'used_by'])
      .execute()
    await schema.createIndex('document_use_by_user').on('document_use').columns(['used_by']).execute()
  },
}
