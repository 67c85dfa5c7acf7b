import { sql } from 'kysely'
import type { Migration } from '#db/database.ts'

/** Lists of tagged resources go on showing those that are tagged no more. */
export const tags0002: Migration = {
  async up(db) {
    await db.schema
      .alterTable('taggable')
      .addColumn('was_tagged', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await sql`update taggable set was_tagged = 1 where exists (
      select 1 from tag where tag.account = taggable.account and tag.region = taggable.region
        and tag.resource_type = taggable.resource_type and tag.resource_id = taggable.resource_id)`.execute(db)
  },
}
