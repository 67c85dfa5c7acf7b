import type { Kysely } from 'kysely'
import type { Migrations } from '#db/database.ts'

export interface SettingTables {
  service_setting: SettingTable
}

/** A setting that somebody changed; all others have their defaults. */
export interface SettingTable {
  account: string
  region: string
  id: string
  value: string
  modified_at: string
  modified_by: string
}

export const migrations: Migrations = {
  'settings-0001': { up },
}

async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('service_setting')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('modified_at', 'text', (c) => c.notNull())
    .addColumn('modified_by', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('service_setting_key', ['account', 'region', 'id'])
    .execute()
}
