import type { AssociationFilterKey } from '@steward/model/generated/ssm.ts'
import { type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement, updater } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { NO_FAULT, WORK_AHEAD } from './association.ts'
import type { AssociationTable, AssociationTables, AssociationVersionTable } from './tables.ts'

export async function addAssociation(tx: Tx, row: AssociationTable): Promise<void> {
  await tables<AssociationTables>(tx).insertInto('association').values(row).execute()
  await addVersion(tx, row)
}

/** Replaces the row and keeps what it says as its next version. */
export async function saveNewVersion(tx: Tx, row: AssociationTable): Promise<void> {
  await updateAssociation(tx, row, row)
  await addVersion(tx, row)
}

async function addVersion(tx: Tx, { id, version, updated_at, definition }: AssociationTable): Promise<void> {
  const row = { association_id: id, version, created_at: updated_at, definition }
  await tables<AssociationTables>(tx).insertInto('association_version').values(row).execute()
}

/** Forgets the versions up to `version`. */
export async function dropVersions(tx: Tx, id: string, version: number): Promise<void> {
  await tables<AssociationTables>(tx)
    .deleteFrom('association_version')
    .where('association_id', '=', id)
    .where('version', '<=', version)
    .execute()
}

const update = updater<AssociationTables>('association', ['id'])

export async function updateAssociation(
  tx: Tx,
  { id, region }: Pick<AssociationTable, 'id' | 'region'>,
  change: Partial<AssociationTable>,
): Promise<void> {
  await update(tx, [id], change)
  noteChange(tx, { kind: 'associations', ids: [id], region })
}

export async function deleteAssociation(tx: Tx, { id, region }: AssociationTable): Promise<void> {
  const db = tables<AssociationTables>(tx)
  await db
    .deleteFrom('association_run')
    .where('execution_id', 'in', (eb) =>
      eb.selectFrom('association_execution').select('id').where('association_id', '=', id),
    )
    .execute()
  await db.deleteFrom('association_execution').where('association_id', '=', id).execute()
  await db.deleteFrom('association_node').where('association_id', '=', id).execute()
  await db.deleteFrom('association_version').where('association_id', '=', id).execute()
  await db.deleteFrom('association').where('id', '=', id).execute()
  noteChange(tx, { kind: 'associations', ids: [id], region })
}

export async function countAssociations(reader: Reader, scope: Scope): Promise<number> {
  const { count } = await inScope(reader, scope)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const byId = statement((db: Kysely<AssociationTables>, account: string, region: string, id: string) =>
  db
    .selectFrom('association')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('id', '=', id),
)

export async function findAssociation(
  reader: Reader,
  { account, region }: Scope,
  id: string,
): Promise<AssociationTable | undefined> {
  return (await byId(reader, account, region, id.toLowerCase()))[0]
}

const ofNode = statement((db: Kysely<AssociationTables>, nodeId: string) =>
  db
    .selectFrom('association')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb.selectFrom('association_node').select('association_id').where('node_id', '=', nodeId),
    ),
)

/** Those that a node has, by their ids. */
export async function associationsOfNode(reader: Reader, nodeId: string): Promise<Map<string, AssociationTable>> {
  return new Map((await ofNode(reader, nodeId)).map((row) => [row.id, row]))
}

/** The association of a document with a node, of the old kind. */
export function findByNode(
  reader: Reader,
  scope: Scope,
  name: string,
  nodeId: string,
): Promise<AssociationTable | undefined> {
  return inScope(reader, scope)
    .selectAll()
    .where('document_name', '=', name)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
}

export async function associationsById(reader: Reader, ids: readonly string[]): Promise<Map<string, AssociationTable>> {
  if (ids.length === 0) return new Map()
  const rows = await tables<AssociationTables>(reader)
    .selectFrom('association')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export interface AssociationFilter {
  readonly key: Exclude<AssociationFilterKey, 'CloudConnectorId'>
  readonly value: string
}

/** Associations in order of their ids, after `cursor`. All filters must hold. */
export function listAssociations(
  reader: Reader,
  scope: Scope,
  filters: readonly AssociationFilter[],
  cursor: string | undefined,
  limit: number,
): Promise<AssociationTable[]> {
  let query = inScope(reader, scope).selectAll()
  for (const filter of filters) query = query.where(passes(filter))
  if (cursor !== undefined) query = query.where('id', '>', cursor)
  return query.orderBy('id').limit(limit).execute()
}

function passes({ key, value }: AssociationFilter): Expression<SqlBool> {
  switch (key) {
    case 'AssociationId':
      return sql`id = ${value}`
    case 'AssociationName':
      return sql`name = ${value}`
    case 'AssociationStatusName':
      return statusIs(value)
    case 'InstanceId':
      return sql`id in (select association_id from association_node where node_id = ${value})`
    case 'LastExecutedAfter':
      return sql`last_run_at > ${value}`
    case 'LastExecutedBefore':
      return sql`last_run_at < ${value}`
    case 'Name':
      return sql`document_name = ${value}`
    case 'ResourceGroupName':
      return sql`definition like ${likeGroup(value)} escape '!'`
  }
}

/** A target as JSON writes it. */
function likeGroup(name: string): string {
  const escaped = JSON.stringify([name]).replace(/[!%_]/g, '!$&')
  return `%"resource-groups:Name","Values":${escaped}%`
}

/** What `overview` shows, said in SQL. */
function statusIs(status: string): Expression<SqlBool> {
  const has = (statuses: string) =>
    `exists (select 1 from association_node n where n.association_id = association.id and n.status ${statuses})`
  const list = (statuses: Iterable<string>) => `(${Array.from(statuses, (one) => `'${one}'`).join(', ')})`
  const failed = sql.raw(has(`not in ${list([...WORK_AHEAD, ...NO_FAULT])}`))
  const pending = sql.raw(has(`in ${list(WORK_AHEAD)}`))
  const any = sql.raw(has('is not null'))
  return sql`case when ${failed} then 'Failed' when ${pending} then 'Pending' when ${any} then 'Success'
    when association.status in ('Success', 'Failed') then association.status else 'Pending' end = ${status}`
}

function inScope(
  reader: Reader,
  { account, region }: Scope,
): SelectQueryBuilder<AssociationTables, 'association', object> {
  return tables<AssociationTables>(reader)
    .selectFrom('association')
    .where('account', '=', account)
    .where('region', '=', region)
}

/** How many nodes each association has in each status. */
export async function statusCounts(reader: Reader, ids: readonly string[]): Promise<Map<string, Map<string, number>>> {
  const counts = new Map(ids.map((id) => [id, new Map<string, number>()]))
  if (ids.length === 0) return counts
  const rows = await tables<AssociationTables>(reader)
    .selectFrom('association_node')
    .select((eb) => ['association_id', 'status', eb.fn.countAll<number>().as('count')])
    .where('association_id', 'in', ids)
    .groupBy(['association_id', 'status'])
    .orderBy('status')
    .execute()
  for (const { association_id, status, count } of rows) counts.get(association_id)!.set(status, Number(count))
  return counts
}

/** Versions of an association, newest first, below `cursor`. */
export function listVersions(
  reader: Reader,
  id: string,
  cursor: number | undefined,
  limit: number,
): Promise<AssociationVersionTable[]> {
  let query = tables<AssociationTables>(reader)
    .selectFrom('association_version')
    .selectAll()
    .where('association_id', '=', id)
  if (cursor !== undefined) query = query.where('version', '<', cursor)
  return query.orderBy('version', 'desc').limit(limit).execute()
}

export function findVersion(reader: Reader, id: string, version: number): Promise<AssociationVersionTable | undefined> {
  return tables<AssociationTables>(reader)
    .selectFrom('association_version')
    .selectAll()
    .where('association_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
}
