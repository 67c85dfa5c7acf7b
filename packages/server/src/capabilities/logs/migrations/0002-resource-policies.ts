import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { type Migration, orderedText } from '#db/database.ts'

export const logs0002: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .createTable('log_resource_policy')
      .addColumn('account', 'text', notNull)
      .addColumn('region', 'text', notNull)
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('document', 'text', notNull)
      .addColumn('updated_at', 'bigint', notNull)
      .addPrimaryKeyConstraint('log_resource_policy_key', ['account', 'region', 'name'])
      .execute()
  },
}

function notNull(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}
