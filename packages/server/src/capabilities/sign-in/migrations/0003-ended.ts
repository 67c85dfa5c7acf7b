import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

/** Sign-ins that were ended by somebody else, while roles that were assumed in them could be in use. */
export const signIn0003: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('sign_in_ended')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('until', 'text', (c) => c.notNull())
      .execute()
  },
}
