import type { Kysely } from 'kysely'
import { type Migrations, type Reader, type Tx, tables } from '../database.ts'

/** One table, for tests of the databases themselves. */
export interface EventTable {
  event: { id: number; text: string }
}

export const eventMigrations: Migrations = {
  'event-0001': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('event')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('text', 'text', (column) => column.notNull())
        .execute()
    },
  },
}

export async function insertEvent(tx: Tx, row: EventTable['event']): Promise<void> {
  await tables<EventTable>(tx).insertInto('event').values(row).execute()
}

export async function eventIds(reader: Reader): Promise<number[]> {
  const rows = await tables<EventTable>(reader).selectFrom('event').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}
