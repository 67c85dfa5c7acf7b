import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

/** Since when each item is not compliant. */
export const compliance0004: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema.alterTable('compliance_item').addColumn('failing_since', 'text').execute()
  },
}
