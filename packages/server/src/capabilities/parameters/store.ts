/**
 * A parameter's row has its latest version; older ones are in a table of their own. So reading a parameter is one look at an
 * index, a new version moves one row and changes another, and paths are ranges of keys.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isTagged, removeResource, type TagFilter } from '#capabilities/tags/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { inserter, statement, updater } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { rangeUnder } from './name.ts'
import { VERSIONS } from './parameter.ts'
import type { ParameterTable, ParameterTables, ShownParameter, VersionTable } from './tables.ts'

/** Rows of versions that count as gone already. */
const REMOVED_TOGETHER = 16

/** What a version says, besides whose it is. */
const CONTENT_COLUMNS = [
  'version',
  'type',
  'value',
  'key_id',
  'description',
  'allowed_pattern',
  'tier',
  'data_type',
  'policies',
  'modified_at',
  'modified_by',
] as const satisfies readonly (keyof VersionTable)[]

const VERSION_COLUMNS = ['account', 'region', 'key', ...CONTENT_COLUMNS] as const

const SHOWN_COLUMNS = [
  'account',
  'region',
  'key',
  'version',
  'type',
  'value',
  'data_type',
  'modified_at',
  'name',
  'labels',
] as const satisfies readonly (keyof ShownParameter)[]

const shownByKey = statement((db: Kysely<ParameterTables>, account: string, region: string, key: string) =>
  db
    .selectFrom('parameter')
    .select(SHOWN_COLUMNS)
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key),
)

const byKey = statement((db: Kysely<ParameterTables>, account: string, region: string, key: string) =>
  db
    .selectFrom('parameter')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('key', '=', key),
)

const olderByKey = statement(
  (db: Kysely<ParameterTables>, account: string, region: string, key: string, version: number) =>
    db
      .selectFrom('parameter_version')
      .selectAll()
      .where('account', '=', account)
      .where('region', '=', region)
      .where('key', '=', key)
      .where('version', '=', version),
)

const underRecursive = statement(
  (db: Kysely<ParameterTables>, account: string, region: string, after: string, before: string, limit: number) =>
    db
      .selectFrom('parameter')
      .select(SHOWN_COLUMNS)
      .where('account', '=', account)
      .where('region', '=', region)
      .where('key', '>', after)
      .where('key', '<', before)
      .orderBy('key')
      .limit(limit),
)

const underDirectly = statement(
  (db: Kysely<ParameterTables>, account: string, region: string, parent: string, after: string, limit: number) =>
    db
      .selectFrom('parameter')
      .select(SHOWN_COLUMNS)
      .where('account', '=', account)
      .where('region', '=', region)
      .where('parent', '=', parent)
      .where('key', '>', after)
      .orderBy('key')
      .limit(limit),
)

const insert = inserter<ParameterTables>('parameter')
const update = updater<ParameterTables>('parameter', ['account', 'region', 'key'])

/** Copies the latest version to the older ones. */
const keepLatest = statement((db: Kysely<ParameterTables>, account: string, region: string, key: string) =>
  db
    .insertInto('parameter_version')
    .columns(VERSION_COLUMNS)
    .expression((eb) =>
      eb
        .selectFrom('parameter')
        .select(VERSION_COLUMNS)
        .where('account', '=', account)
        .where('region', '=', region)
        .where('key', '=', key),
    ),
)

/** What a new version changes of the row. */
const CHANGING_COLUMNS = [...CONTENT_COLUMNS, 'policy_due'] as const

const setLatest = statement(
  (db: Kysely<ParameterTables>, account: string, region: string, key: string, ...values: unknown[]) =>
    db
      .updateTable('parameter')
      .set(Object.fromEntries(CHANGING_COLUMNS.map((column, index) => [column, values[index]])))
      .where('account', '=', account)
      .where('region', '=', region)
      .where('key', '=', key),
)

const deleteVersions = statement(
  (db: Kysely<ParameterTables>, account: string, region: string, key: string, upTo: number) =>
    db
      .deleteFrom('parameter_version')
      .where('account', '=', account)
      .where('region', '=', region)
      .where('key', '=', key)
      .where('version', '<=', upTo),
)

const addToCount = statement((db: Kysely<ParameterTables>, account: string, region: string, tier: string, by: number) =>
  db
    .insertInto('parameter_count')
    .values({ account, region, tier, count: by })
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'region', 'tier'])
        .doUpdateSet({ count: sql<number>`parameter_count.count + excluded.count` }),
    )
    .returning('count'),
)

export async function latestOf(
  reader: Reader,
  { account, region }: Scope,
  key: string,
): Promise<ParameterTable | undefined> {
  return (await byKey(reader, account, region, key))[0]
}

/** As {@link latestOf}, but only what reads show. */
export async function shownLatest(
  reader: Reader,
  { account, region }: Scope,
  key: string,
): Promise<ShownParameter | undefined> {
  return (await shownByKey(reader, account, region, key))[0]
}

/** A version before the latest; undefined if there is none such, or not any more. */
export async function olderVersion(reader: Reader, latest: Latest, version: number): Promise<VersionTable | undefined> {
  if (version <= forgottenUpTo(latest)) return undefined
  return (await olderByKey(reader, latest.account, latest.region, latest.key, version))[0]
}

export async function insertParameter(tx: Tx, row: ParameterTable): Promise<void> {
  await insert(tx, { ...row })
}

/** Puts a new version in the place of the latest, which becomes the newest of the older ones; the oldest there may be is forgotten. */
export async function supersede(tx: Tx, next: ParameterTable): Promise<void> {
  const { account, region, key } = next
  await keepLatest(tx, account, region, key)
  await setLatest(tx, account, region, key, ...CHANGING_COLUMNS.map((column) => next[column]))
  const forgotten = forgottenUpTo(next)
  if (forgotten > 0 && forgotten % REMOVED_TOGETHER === 0) await deleteVersions(tx, account, region, key, forgotten)
}

type Latest = Pick<ParameterTable, 'account' | 'region' | 'key' | 'version'>

/**
 * The newest version that counts as gone: one leaves with each that comes, but their rows are removed some at a time, because the
 * beginning and the end of a history lie apart.
 */
export function forgottenUpTo({ version }: Pick<ParameterTable, 'version'>): number {
  return version - VERSIONS
}

export async function changeParameter(
  tx: Tx,
  { account, region, key }: Pick<ParameterTable, 'account' | 'region' | 'key'>,
  change: Partial<ParameterTable>,
): Promise<void> {
  await update(tx, [account, region, key], change)
}

/** Counts parameters of a tier up or down; the answer is how many there are now. */
export async function countParameters(tx: Tx, { account, region }: Scope, tier: string, by: number): Promise<number> {
  return (await addToCount(tx, account, region, tier, by))[0]!.count
}

/** How many parameters of a tier there are. */
export async function parameterCount(reader: Reader, scope: Scope, tier: string): Promise<number> {
  const row = await tables<ParameterTables>(reader)
    .selectFrom('parameter_count')
    .select('count')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('tier', '=', tier)
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Deletes a parameter with its history, its tags and its resource policies. */
export async function deleteParameter(tx: Tx, row: ParameterTable): Promise<void> {
  const { account, region, key } = row
  for (const table of ['parameter', 'parameter_version', 'parameter_policy'] as const) {
    await tables<ParameterTables>(tx)
      .deleteFrom(table)
      .where('account', '=', account)
      .where('region', '=', region)
      .where('key', '=', key)
      .execute()
  }
  await removeResource(tx, row, { type: 'Parameter', id: key })
  await countParameters(tx, row, row.tier, -1)
}

/** The versions before the latest in their order, greater than `after`. */
export function olderVersions(reader: Reader, latest: Latest, after: number, limit: number): Promise<VersionTable[]> {
  return tables<ParameterTables>(reader)
    .selectFrom('parameter_version')
    .selectAll()
    .where('account', '=', latest.account)
    .where('region', '=', latest.region)
    .where('key', '=', latest.key)
    .where('version', '>', Math.max(after, forgottenUpTo(latest)))
    .orderBy('version')
    .limit(limit)
    .execute()
}

/** A condition on one column: any of the values, or any of the beginnings, or any of the texts within. */
export interface ColumnFilter {
  readonly column: 'key' | 'type' | 'key_id' | 'tier' | 'data_type'
  readonly how: 'equals' | 'begins' | 'contains'
  readonly values: readonly string[]
}

export interface PathFilter {
  readonly path: string
  readonly recursive: boolean
}

export interface ParameterFilters {
  readonly columns: readonly ColumnFilter[]
  readonly tags: readonly TagFilter[]
  /** Lies under any of these. */
  readonly paths?: readonly PathFilter[]
  /** Has a version with this label. */
  readonly label?: string | undefined
}

/** Parameters under a path in order of their keys, after the key `after`. */
export function parametersUnder(
  reader: Reader,
  scope: Scope,
  { path, recursive }: PathFilter,
  filters: ParameterFilters,
  after: string | undefined,
  limit: number,
): Promise<ShownParameter[]> {
  const { account, region } = scope
  const plain = filters.columns.length + filters.tags.length === 0 && filters.label === undefined
  if (!plain) return listParameters(reader, scope, { ...filters, paths: [{ path, recursive }] }, after, limit)
  const range = rangeUnder(path)
  if (recursive) return underRecursive(reader, account, region, after ?? range.after, range.before, limit)
  return underDirectly(reader, account, region, path, after ?? '', limit)
}

/** Parameters in order of their keys, after the key `after`. */
export function listParameters(
  reader: Reader,
  scope: Scope,
  filters: ParameterFilters,
  after: string | undefined,
  limit: number,
): Promise<ParameterTable[]> {
  let query = filteredParameters(reader, scope, filters).selectAll()
  if (after !== undefined) query = query.where('key', '>', after)
  return query.orderBy('key').limit(limit).execute()
}

/** The beginning of a query for the parameters that meet the filters. */
export function filteredParameters(reader: Reader, scope: Scope, filters: ParameterFilters) {
  let query = tables<ParameterTables>(reader)
    .selectFrom('parameter')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
  for (const filter of filters.columns) query = query.where(anyOf(filter.values.map((value) => meets(filter, value))))
  if (filters.paths) query = query.where(anyOf(filters.paths.map(liesUnder)))
  if (filters.tags.length > 0) query = query.where((eb) => isTagged(scope, 'Parameter', eb.ref('key'), filters.tags))
  // Labels are few, and within JSON; which of the hits really has it, whoever reads them sees.
  if (filters.label !== undefined) query = query.where(holds('labels', `"${filters.label}":`))
  return query
}

function anyOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return sql`(${sql.join(conditions, sql` or `)})`
}

function meets({ column, how }: ColumnFilter, value: string): RawBuilder<SqlBool> {
  if (how === 'contains') return holds(column, value)
  const ref = sql.ref(column)
  if (how === 'equals') return sql`${ref} = ${value}`
  // Keys have no characters beyond `z`.
  if (column === 'key') return sql`(${ref} >= ${value} and ${ref} < ${`${value}~`})`
  return sql`substr(${ref}, 1, ${[...value].length}) = ${value}`
}

/** `like` tells no upper from lower case on SQLite, and has wildcards to escape. */
function holds(column: string, text: string): RawBuilder<SqlBool> {
  return sql`replace(${sql.ref(column)}, ${text}, '') <> ${sql.ref(column)}`
}

function liesUnder({ path, recursive }: PathFilter): RawBuilder<SqlBool> {
  if (!recursive) return sql`parent = ${path}`
  const { after, before } = rangeUnder(path)
  return sql`(key > ${after} and key < ${before})`
}

/** Everything that parameters lie in directly. */
export async function parentsOf(reader: Reader, { account, region }: Scope): Promise<string[]> {
  const rows = await tables<ParameterTables>(reader)
    .selectFrom('parameter')
    .select('parent')
    .distinct()
    .where('account', '=', account)
    .where('region', '=', region)
    .execute()
  return rows.map(({ parent }) => parent)
}

/** Parameters whose policies are to act by now, in all scopes. */
export function parametersDue(reader: Reader, now: Date, limit: number): Promise<ParameterTable[]> {
  return tables<ParameterTables>(reader)
    .selectFrom('parameter')
    .selectAll()
    .where('policy_due', '<=', now.toISOString())
    .orderBy('policy_due')
    .limit(limit)
    .execute()
}
