import type { Kysely } from 'kysely'
import { bytesType, type Migration } from '#db/database.ts'

export const documents0003: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await schema
      .createTable('document_attachment')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('file', 'text', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('sealed_key', bytesType(kysely), (c) => c.notNull())
      .addColumn('content', bytesType(kysely), (c) => c.notNull())
      .addUniqueConstraint('document_attachment_by_file', ['account', 'region', 'name', 'version', 'file'])
      .execute()
  },
}
