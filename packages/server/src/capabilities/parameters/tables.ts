import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import { type Migrations, orderedText } from '#db/database.ts'
import { storeByKey } from '#db/without-rowid.ts'

export interface ParameterTables {
  parameter: ParameterTable
  parameter_version: VersionTable
  parameter_count: CountTable
  parameter_policy: ResourcePolicyTable
}

/** What belongs to one version. */
interface VersionColumns {
  account: string
  region: string
  key: string
  version: number
  type: string
  /** Of a SecureString: its ciphertext blob in base64. */
  value: string
  /** As the caller named the key; null unless a SecureString. */
  key_id: string | null
  description: string | null
  allowed_pattern: string | null
  tier: string
  data_type: string
  /** JSON list of policies, or null. */
  policies: string | null
  modified_at: string
  modified_by: string
}

/** A parameter with its latest version: what nearly every read wants is in one row. */
export interface ParameterTable extends VersionColumns {
  /** As it was spelled when it was made, with or without its leading slash. */
  name: string
  /** The path that it lies in. */
  parent: string
  /** JSON of label → version, or null. */
  labels: string | null
  /** When the first of its policies is to act. */
  policy_due: string | null
}

/** What reading a parameter takes of its row: reads are many, and every column costs. */
export type ShownVersion = Pick<
  VersionTable,
  'account' | 'region' | 'key' | 'version' | 'type' | 'value' | 'data_type' | 'modified_at'
>

/** The latest version of a parameter as reads see it. */
export type ShownParameter = ShownVersion & Pick<ParameterTable, 'name' | 'labels'>

/** Versions that are not the latest any more. */
export interface VersionTable extends VersionColumns {}

/** How many parameters of a tier there are: counting them anew for each one made would take longer than making it. */
export interface CountTable {
  account: string
  region: string
  tier: string
  count: number
}

/** A resource policy of a parameter: with whom it is shared (PS-17). */
export interface ResourcePolicyTable {
  account: string
  region: string
  key: string
  policy_id: string
  policy_hash: string
  policy: string
}

export const migrations: Migrations = {
  'parameters-0001': { up },
  'parameters-0002': { up: storeByName },
}

async function storeByName(kysely: Kysely<unknown>): Promise<void> {
  for (const table of ['parameter', 'parameter_version']) await storeByKey(kysely, table)
}

async function up(kysely: Kysely<unknown>): Promise<void> {
  const { schema } = kysely
  const text = orderedText(kysely)
  await versionColumns(schema.createTable('parameter'), text)
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('parent', text, (c) => c.notNull())
    .addColumn('labels', 'text')
    .addColumn('policy_due', 'text')
    .addPrimaryKeyConstraint('parameter_key', ['account', 'region', 'key'])
    .execute()
  await versionColumns(schema.createTable('parameter_version'), text)
    .addPrimaryKeyConstraint('parameter_version_key', ['account', 'region', 'key', 'version'])
    .execute()
  await schema
    .createIndex('parameter_by_parent')
    .on('parameter')
    .columns(['account', 'region', 'parent', 'key'])
    .execute()
  await schema
    .createIndex('parameter_policy_due')
    .on('parameter')
    .column('policy_due')
    .where(sql<boolean>`policy_due is not null`)
    .execute()
  await schema
    .createTable('parameter_count')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('tier', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('parameter_count_key', ['account', 'region', 'tier'])
    .execute()
  await schema
    .createTable('parameter_policy')
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('policy_id', 'text', (c) => c.notNull())
    .addColumn('policy_hash', 'text', (c) => c.notNull())
    .addColumn('policy', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('parameter_policy_key', ['account', 'region', 'key', 'policy_id'])
    .execute()
  // Whoever lists what others share looks across accounts.
  await schema
    .createIndex('parameter_policy_by_region')
    .on('parameter_policy')
    .columns(['region', 'account', 'key'])
    .execute()
}

function versionColumns(table: CreateTableBuilder<string>, text: RawBuilder<string>) {
  return table
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('key', text, (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text')
    .addColumn('description', 'text')
    .addColumn('allowed_pattern', 'text')
    .addColumn('tier', 'text', (c) => c.notNull())
    .addColumn('data_type', 'text', (c) => c.notNull())
    .addColumn('policies', 'text')
    .addColumn('modified_at', 'text', (c) => c.notNull())
    .addColumn('modified_by', 'text', (c) => c.notNull())
}
