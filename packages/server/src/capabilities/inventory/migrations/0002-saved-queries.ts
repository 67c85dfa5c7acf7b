import type { Kysely } from 'kysely'
import { type Migration, orderedText } from '#db/database.ts'

export const inventory0002: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .createTable('inventory_saved_query')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('name', orderedText(kysely), (c) => c.notNull())
      .addColumn('query', 'text', (c) => c.notNull())
      .addColumn('saved_by', 'text', (c) => c.notNull())
      .addColumn('saved_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('inventory_saved_query_key', ['account', 'region', 'name'])
      .execute()
  },
}
