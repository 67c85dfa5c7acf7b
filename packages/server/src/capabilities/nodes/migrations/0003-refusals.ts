import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const nodes0003: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('node_refusal')
      .addColumn('node_id', 'text', (c) => c.primaryKey())
      .addColumn('code', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('source_ip', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .execute()
  },
}
