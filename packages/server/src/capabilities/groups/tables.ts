import type { Kysely } from 'kysely'
import type { Migrations } from '#db/database.ts'

export interface GroupTables {
  resource_group: GroupTable
  resource_group_member: MemberTable
}

export interface GroupTable {
  id: string
  account: string
  region: string
  name: string
  description: string
  /** JSON, as `ResourceQuery`; null: members are explicit. */
  query: string | null
  /** JSON, as a list of `GroupConfigurationItem`. */
  configuration: string | null
  criticality: number | null
  owner: string | null
  display_name: string | null
}

/** A resource that was put into a group, or taken out of it: the latter stays for `ListGroupingStatuses`. */
export interface MemberTable {
  group_id: string
  arn: string
  action: 'GROUP' | 'UNGROUP'
  changed_at: string
  /** Whether a tag-sync task put it in, and so takes it out again. */
  synced: 0 | 1
}

export const migrations: Migrations = {
  'groups-0001': { up },
}

async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('resource_group')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('query', 'text')
    .addColumn('configuration', 'text')
    .addColumn('criticality', 'integer')
    .addColumn('owner', 'text')
    .addColumn('display_name', 'text')
    .addUniqueConstraint('resource_group_name', ['account', 'region', 'name'])
    .execute()
  await schema
    .createTable('resource_group_member')
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('arn', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'text', (c) => c.notNull())
    .addColumn('synced', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('resource_group_member_key', ['group_id', 'arn'])
    .execute()
  await schema.createIndex('resource_group_member_arn').on('resource_group_member').column('arn').execute()
}
