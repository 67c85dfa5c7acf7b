import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const nodes0006: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('enrolment_request').addColumn('decided_at', 'text').execute()
  },
}
