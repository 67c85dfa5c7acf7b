import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

/** How and from where somebody signed in; not known of those who were signed in before. */
export const signIn0002: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('sign_in').addColumn('method', 'text').execute()
    await schema.alterTable('sign_in').addColumn('source_ip', 'text').execute()
  },
}
