import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import { type Migration, orderedText } from '#db/database.ts'
import { COUNT_COLUMNS } from '../compliance.ts'

export const compliance0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    const text = orderedText(kysely)
    await ofNode(schema.createTable('compliance_item'), text)
      .addColumn('item_id', text, (c) => c.notNull())
      .addColumn('title', text)
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('severity', text, (c) => c.notNull())
      .addColumn('details', 'text')
      .addColumn('lasting', 'integer', (c) => c.notNull())
      .addColumn('execution_time', text, (c) => c.notNull())
      .addColumn('execution_id', text)
      .addColumn('execution_type', text)
      .addPrimaryKeyConstraint('compliance_item_key', ['account', 'region', 'node_id', 'type', 'item_id'])
      .execute()
    // What an association left on all nodes is deleted with it.
    await schema
      .createIndex('compliance_item_by_id')
      .on('compliance_item')
      .columns(['account', 'region', 'type', 'item_id'])
      .where(sql<boolean>`lasting = 1`)
      .execute()

    let summary = ofNode(schema.createTable('compliance_summary'), text)
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('severity', text, (c) => c.notNull())
      .addColumn('execution_time', text, (c) => c.notNull())
      .addColumn('execution_id', text)
      .addColumn('execution_type', text)
      .addColumn('patch_group', text)
      .addColumn('patch_baseline_id', text)
      .addColumn('content_hash', 'text')
      .addPrimaryKeyConstraint('compliance_summary_key', ['account', 'region', 'node_id', 'type'])
    for (const column of COUNT_COLUMNS) summary = summary.addColumn(column, 'integer', (c) => c.notNull())
    await summary.execute()

    await ofNode(schema.createTable('compliance_period'), text)
      .addColumn('since', text, (c) => c.notNull())
      .addColumn('until', text)
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('severity', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('compliance_period_key', ['account', 'region', 'node_id', 'type', 'since'])
      .execute()
    await schema
      .createIndex('compliance_period_until')
      .on('compliance_period')
      .columns(['account', 'region', 'until'])
      .execute()

    await schema
      .createTable('compliance_manual_association')
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('association_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('compliance_manual_association_key', ['account', 'region', 'association_id'])
      .execute()
  },
}

function ofNode(table: CreateTableBuilder<string>, text: RawBuilder<string>) {
  return table
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('node_id', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
}
