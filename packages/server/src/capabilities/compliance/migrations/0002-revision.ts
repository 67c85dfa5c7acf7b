import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const compliance0002: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .alterTable('compliance_summary')
      .addColumn('revision', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
