import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import { type Migration, orderedText, serialKey } from '#db/database.ts'

export const topics0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await scoped(kysely, schema.createTable('topic'), 'name', 'attributes', 'created_at')
      .addColumn('policy', 'text')
      .addColumn('deleted_subscriptions', 'integer', notNull)
      .addPrimaryKeyConstraint('topic_key', ['account', 'region', 'name'])
      .execute()
    await scoped(kysely, schema.createTable('topic_tag'), 'topic', 'key', 'value')
      .addPrimaryKeyConstraint('topic_tag_key', ['account', 'region', 'topic', 'key'])
      .execute()
    const texts = ['topic', 'uid', 'protocol', 'endpoint', 'principal', 'attributes', 'token']
    await scoped(kysely, schema.createTable('topic_subscription').addColumn('seq', ...serialKey(kysely)), ...texts)
      .addColumn('unconfirmed_until', 'text')
      .addColumn('confirmed_signed', 'integer', notNull)
      .addColumn('signed_unsubscribe', 'integer', notNull)
      .execute()
    const key = ['account', 'region', 'topic', 'uid']
    await schema.createIndex('topic_subscription_key').on('topic_subscription').columns(key).unique().execute()
    await schema.createIndex('topic_subscription_expiry').on('topic_subscription').column('unconfirmed_until').execute()
  },
}

type Table = CreateTableBuilder<string, string>

function scoped(kysely: Kysely<unknown>, table: CreateTableBuilder<string> | Table, ...texts: string[]): Table {
  return ['account', 'region', ...texts].reduce<Table>(
    (built, name) => built.addColumn(name, orderedText(kysely), notNull),
    table as Table,
  )
}

function notNull(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
