import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const audit0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('audit_entry')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('records', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createTable('audit_unsealed')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .execute()
    await schema
      .createTable('audit_seal')
      .addColumn('sequence', 'bigint', (c) => c.primaryKey())
      .addColumn('entries', 'text', (c) => c.notNull())
      .addColumn('first_record', 'bigint', (c) => c.notNull())
      .addColumn('records', 'integer', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('first_at', 'text', (c) => c.notNull())
      .addColumn('last_at', 'text', (c) => c.notNull())
      .addColumn('previous', 'text', (c) => c.notNull())
      .addColumn('hashes', 'text', (c) => c.notNull())
      .addColumn('seal', 'text', (c) => c.notNull())
      .addColumn('filter', 'text')
      .execute()
    await schema.createIndex('audit_seal_by_time').on('audit_seal').columns(['last_at', 'sequence']).execute()
    await schema
      .createTable('audit_mark')
      .addColumn('mark', 'bigint', (c) => c.notNull())
      .addColumn('last_at', 'text', (c) => c.notNull())
      .addColumn('sequence', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_mark_key', ['mark', 'last_at', 'sequence'])
      .execute()
    await schema
      .createTable('audit_anchor')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('sequence', 'bigint', (c) => c.notNull())
      .addColumn('records', 'bigint', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('seal', 'text', (c) => c.notNull())
      .execute()
  },
}
