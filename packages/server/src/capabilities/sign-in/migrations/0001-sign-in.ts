import type { Kysely } from 'kysely'
import type { Migration } from '#db/database.ts'

export const signIn0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('sign_in')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('principal_arn', 'text', (c) => c.notNull())
      .addColumn('signed_in_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .addColumn('ends_at', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createTable('sign_in_ticket')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createTable('sign_in_attempts')
      .addColumn('subject', 'text', (c) => c.primaryKey())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('failed_at', 'text', (c) => c.notNull())
      .execute()
    for (const [table, column] of [
      ['sign_in', 'expires_at'],
      ['sign_in_ticket', 'expires_at'],
      ['sign_in_attempts', 'failed_at'],
    ] as const)
      await schema.createIndex(`${table}_by_time`).on(table).column(column).execute()
  },
}
