import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const iamRoles0002: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('iam_role')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('role_id', 'text', (c) => c.primaryKey())
      .addColumn('arn', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_key', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('trust', 'text', (c) => c.notNull())
      .addColumn('trusted_ids', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('max_session_seconds', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_used_at', 'text')
      .addColumn('last_used_region', 'text')
      .addColumn('tags', 'text', (c) => c.notNull())
      .addUniqueConstraint('iam_role_name', ['account', 'name_key'])
      .execute()
    await schema
      .createTable('iam_role_deletion')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('task_id', 'text', (c) => c.primaryKey())
      .addColumn('deleted_at', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createTable('iam_instance_profile')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('profile_id', 'text', (c) => c.primaryKey())
      .addColumn('arn', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_key', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('role_id', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('tags', 'text', (c) => c.notNull())
      .addUniqueConstraint('iam_instance_profile_name', ['account', 'name_key'])
      .execute()
    await schema.createIndex('iam_instance_profile_by_role').on('iam_instance_profile').column('role_id').execute()
    await schema
      .createTable('iam_oidc_provider')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('arn', 'text', (c) => c.primaryKey())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('client_ids', 'text', (c) => c.notNull())
      .addColumn('thumbprints', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('tags', 'text', (c) => c.notNull())
      .execute()
  },
}
