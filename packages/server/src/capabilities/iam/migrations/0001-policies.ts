import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const iamPolicies0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('iam_policy')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('policy_id', 'text', (c) => c.primaryKey())
      .addColumn('arn', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_key', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('default_version', 'integer', (c) => c.notNull())
      .addColumn('last_version', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addColumn('tags', 'text', (c) => c.notNull())
      .addUniqueConstraint('iam_policy_name', ['account', 'name_key'])
      .execute()
    await schema
      .createTable('iam_policy_version')
      .addColumn('policy_id', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('iam_policy_version_key', ['policy_id', 'version'])
      .execute()
    await schema
      .createTable('iam_attachment')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('holder_kind', 'text', (c) => c.notNull())
      .addColumn('holder_id', 'text', (c) => c.notNull())
      .addColumn('usage', 'text', (c) => c.notNull())
      .addColumn('policy_arn', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('iam_attachment_key', ['holder_id', 'usage', 'policy_arn'])
      .execute()
    await schema
      .createIndex('iam_attachment_by_policy')
      .on('iam_attachment')
      .columns(['account', 'policy_arn'])
      .execute()
    await schema
      .createTable('iam_inline_policy')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('holder_kind', 'text', (c) => c.notNull())
      .addColumn('holder_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('document', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('iam_inline_policy_key', ['holder_id', 'name'])
      .execute()
    await schema
      .createTable('iam_revision')
      .addColumn('account', 'text', (c) => c.primaryKey())
      .addColumn('revision', 'text', (c) => c.notNull())
      .execute()
  },
}
