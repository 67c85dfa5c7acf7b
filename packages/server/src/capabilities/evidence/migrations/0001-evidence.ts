import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { bytesType, type Migration, orderedText } from '#db/database.ts'

export const evidence0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await asked(schema.createTable('evidence_report'))
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', notNull)
      .addColumn('status', 'text', notNull)
      .addColumn('message', 'text')
      .addColumn('created_at', orderedText(kysely), notNull)
      .addColumn('completed_at', 'text')
      .addColumn('schedule_id', 'text')
      .addColumn('schedule_name', 'text')
      .addColumn('due_at', 'text')
      .addColumn('figures', 'text')
      .addColumn('digest', 'text')
      .addColumn('size', 'bigint')
      .addColumn('parts', 'integer')
      .addColumn('audit_records', 'bigint')
      .addColumn('audit_hash', 'text')
      .addColumn('sign_off', 'text', notNull)
      .addColumn('delivery', 'text')
      .addColumn('delivery_message', 'text')
      .execute()
    const index = (name: string) => schema.createIndex(`evidence_report_${name}`).on('evidence_report')
    await index('by_time').columns(['account', 'region', 'created_at', 'id']).execute()
    // One report for each time that a schedule was due.
    await index('of_schedule').unique().columns(['schedule_id', 'due_at']).execute()
    await index('open').column('created_at').where(sql<boolean>`status = 'Pending' or delivery = 'Pending'`).execute()

    await schema
      .createTable('evidence_content')
      .addColumn('report_id', 'text', notNull)
      .addColumn('part', 'integer', notNull)
      .addColumn('data', bytesType(kysely), notNull)
      .addPrimaryKeyConstraint('evidence_content_key', ['report_id', 'part'])
      .execute()

    await schema
      .createTable('evidence_sign_off')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('report_id', 'text', notNull)
      .addColumn('signer', 'text', notNull)
      .addColumn('signed_at', 'text', notNull)
      .addColumn('statement', 'text', notNull)
      .addColumn('comment', 'text')
      .addColumn('digest', 'text', notNull)
      .addColumn('source_ip', 'text', notNull)
      .execute()
    await schema
      .createIndex('evidence_sign_off_of_report')
      .on('evidence_sign_off')
      .columns(['report_id', 'signed_at'])
      .execute()

    await asked(schema.createTable('evidence_schedule'))
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', orderedText(kysely), notNull)
      .addColumn('report_name', 'text', notNull)
      .addColumn('expression', 'text', notNull)
      .addColumn('zone', 'text', notNull)
      .addColumn('created_at', 'text', notNull)
      .addColumn('modified_at', 'text', notNull)
      .addColumn('next_run', 'text')
      .addColumn('last_report_id', 'text')
      .addUniqueConstraint('evidence_schedule_name', ['account', 'region', 'name'])
      .execute()
  },
}

function asked(table: CreateTableBuilder<string>) {
  return table
    .addColumn('account', 'text', notNull)
    .addColumn('region', 'text', notNull)
    .addColumn('scope', 'text', notNull)
    .addColumn('requested_by', 'text', notNull)
    .addColumn('destination', 'text')
}

const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
