import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const nodes0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('activation')
      .addColumn('activation_id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('code_hash', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('default_instance_name', 'text')
      .addColumn('iam_role', 'text', (c) => c.notNull())
      .addColumn('registration_limit', 'integer', (c) => c.notNull())
      .addColumn('registrations_count', 'integer', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('tags', 'text', (c) => c.notNull())
      .addColumn('registration_metadata', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('activation_by_age')
      .on('activation')
      .columns(['account', 'region', 'created_at', 'activation_id'])
      .execute()
    await schema
      .createTable('node')
      .addColumn('node_id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('activation_id', 'text', (c) => c.notNull())
      .addColumn('iam_role', 'text', (c) => c.notNull())
      .addColumn('name', 'text')
      .addColumn('registered_at', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('previous_public_key', 'text')
      .addColumn('agent_name', 'text')
      .addColumn('agent_version', 'text')
      .addColumn('agent_version_key', 'text')
      .addColumn('platform_type', 'text')
      .addColumn('platform_name', 'text')
      .addColumn('platform_version', 'text')
      .addColumn('platform_version_key', 'text')
      .addColumn('computer_name', 'text')
      .addColumn('ip_address', 'text')
      .addColumn('facts', 'text', (c) => c.notNull())
      .addColumn('last_ping_at', 'text')
      .addColumn('connected', 'integer', (c) => c.notNull())
      .addColumn('online_until', 'text', (c) => c.notNull())
      .execute()
    await schema.createIndex('node_in_scope').unique().on('node').columns(['account', 'region', 'node_id']).execute()
    // Answers «which is the newest version of this agent?» with one look.
    await schema
      .createIndex('node_by_agent')
      .on('node')
      .columns(['account', 'region', 'agent_name', 'agent_version_key'])
      .execute()
  },
}
