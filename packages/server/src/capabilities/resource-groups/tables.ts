import type { Kysely } from 'kysely'
import type { Migrations } from '#db/database.ts'

export interface ResourceGroupTables {
  group_events: GroupEventsTable
  group_told: GroupToldTable
  tag_sync_task: TagSyncTable
}

/** The accounts and Regions that want events of their groups (RG-10). */
export interface GroupEventsTable {
  account: string
  region: string
}

/** A resource that is in a group as far as events said; the group itself, if they said nothing of members yet, with an empty ARN. */
export interface GroupToldTable {
  account: string
  region: string
  group_id: string
  arn: string
  type: string
}

export interface TagSyncTable {
  /** The last part of its ARN. */
  id: string
  account: string
  region: string
  group_name: string
  tag_key: string | null
  tag_value: string | null
  /** JSON, as `ResourceQuery`. */
  query: string | null
  role_arn: string
  created_at: string
}

export const migrations: Migrations = {
  'resource-groups-0001': { up },
}

async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('group_events')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_events_key', ['account', 'region'])
    .execute()
  await schema
    .createTable('group_told')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('arn', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_told_key', ['group_id', 'arn'])
    .execute()
  await schema
    .createTable('tag_sync_task')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('group_name', 'text', (c) => c.notNull())
    .addColumn('tag_key', 'text')
    .addColumn('tag_value', 'text')
    .addColumn('query', 'text')
    .addColumn('role_arn', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
}
