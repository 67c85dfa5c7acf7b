import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const nodes0004: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('node_double')
      .addColumn('node_id', 'text', (c) => c.primaryKey())
      .addColumn('since', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('source_ip', 'text', (c) => c.notNull())
      .addColumn('other_source_ip', 'text', (c) => c.notNull())
      .execute()
  },
}
