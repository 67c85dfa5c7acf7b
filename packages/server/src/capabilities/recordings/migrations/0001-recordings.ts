import { type Kysely, sql } from 'kysely'
import { bytesType, type Migration } from '#db/database.ts'

export const recordings0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    const { schema } = kysely
    await schema
      .createTable('session_recording')
      .addColumn('session_id', 'text', (c) => c.primaryKey())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('node_id', 'text', (c) => c.notNull())
      .addColumn('owner_arn', 'text', (c) => c.notNull())
      .addColumn('document_name', 'text', (c) => c.notNull())
      .addColumn('session_type', 'text', (c) => c.notNull())
      .addColumn('destination', 'text')
      .addColumn('content', 'text', (c) => c.notNull())
      .addColumn('started_at', 'text', (c) => c.notNull())
      .addColumn('data_key', bytesType(kysely), (c) => c.notNull())
      .addColumn('to_node', 'bigint', (c) => c.notNull())
      .addColumn('from_node', 'bigint', (c) => c.notNull())
      .addColumn('over_since', 'text')
      .addColumn('ended_at', 'text')
      .addColumn('cut', 'integer')
      .addColumn('lines', 'integer')
      .addColumn('bytes', 'bigint')
      .addColumn('hash', 'text')
      .addColumn('seal', 'text')
      .addColumn('audit_event_id', 'text')
      .execute()
    await schema
      .createIndex('session_recording_by_time')
      .on('session_recording')
      .columns(['account', 'region', 'started_at', 'session_id'])
      .execute()
    await schema
      .createIndex('session_recording_open')
      .on('session_recording')
      .column('session_id')
      .where(sql<boolean>`ended_at is null`)
      .execute()
    await schema.createIndex('session_recording_ended').on('session_recording').column('ended_at').execute()
    await schema
      .createTable('session_recording_chunk')
      .addColumn('session_id', 'text', (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('lines', 'integer', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('until_ms', 'bigint', (c) => c.notNull())
      .addColumn('next_frame', 'bigint', (c) => c.notNull())
      .addColumn('data', bytesType(kysely), (c) => c.notNull())
      .addPrimaryKeyConstraint('session_recording_chunk_key', ['session_id', 'number'])
      .execute()
    await schema
      .createTable('session_recording_view')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('session_id', 'text', (c) => c.notNull())
      .addColumn('account', 'text', (c) => c.notNull())
      .addColumn('region', 'text', (c) => c.notNull())
      .addColumn('viewed_at', 'text', (c) => c.notNull())
      .addColumn('viewer_arn', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('source_ip', 'text', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('session_recording_view_of')
      .on('session_recording_view')
      .columns(['session_id', 'id'])
      .execute()
  },
}
