import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const nodes0005: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('enrolment_key')
      .addColumn('activation_id', 'text', (c) => c.primaryKey())
      .addColumn('source_ranges', 'text', (c) => c.notNull())
      .addColumn('host_name_pattern', 'text')
      .addColumn('needs_approval', 'integer', (c) => c.notNull())
      .execute()
    await schema
      .createTable('enrolment_request')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('activation_id', 'text', (c) => c.notNull())
      .addColumn('fingerprint_hash', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('computer_name', 'text')
      .addColumn('source_ip', 'text', (c) => c.notNull())
      .addColumn('first_at', 'text', (c) => c.notNull())
      .addColumn('last_at', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('decided_by', 'text')
      .execute()
    await schema
      .createIndex('enrolment_request_of')
      .unique()
      .on('enrolment_request')
      .columns(['activation_id', 'fingerprint_hash'])
      .execute()
    await schema
      .createIndex('enrolment_request_by_age')
      .on('enrolment_request')
      .columns(['account', 'region', 'first_at', 'id'])
      .execute()
  },
}
