import type { PingStatus, PlatformType } from '@steward/model/generated/ssm.ts'
import { type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { isTagged } from '#capabilities/tags/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { versionKey } from './node.ts'
import type { NodeAttribute, NodeCondition, Operator } from './node-condition.ts'
import { instanceStatus, pingStatus } from './presence.ts'
import type { NodeTables } from './tables.ts'

/** A node as lists show it. Times are ISO text: most of a page is never looked at, so nothing is converted before it must be. */
export interface ListedNode {
  readonly nodeId: string
  readonly activationId: string
  readonly iamRole: string
  readonly name: string | null
  readonly registeredAt: string
  readonly agentName: string | null
  readonly agentVersion: string | null
  /** Whether no other node of the account and Region reports a newer version of the same agent. */
  readonly isLatestVersion: number
  readonly platformType: PlatformType | null
  readonly platformName: string | null
  readonly platformVersion: string | null
  readonly computerName: string | null
  readonly ipAddress: string | null
  readonly lastPingAt: string | null
  readonly pingStatus: PingStatus
}

/** The attributes that are columns; the others follow from the time. */
export type StoredAttribute = Exclude<NodeAttribute, 'pingStatus' | 'instanceStatus'>

const COLUMNS = {
  activationId: 'node.activation_id',
  agentName: 'node.agent_name',
  agentVersion: 'node.agent_version',
  computerName: 'node.computer_name',
  iamRole: 'node.iam_role',
  ipAddress: 'node.ip_address',
  name: 'node.name',
  nodeId: 'node.node_id',
  platformName: 'node.platform_name',
  platformType: 'node.platform_type',
  platformVersion: 'node.platform_version',
} as const satisfies Record<StoredAttribute, string>

/** Columns whose order is that of versions. */
const ORDER_COLUMNS: Partial<Record<NodeAttribute, 'node.agent_version_key' | 'node.platform_version_key'>> = {
  agentVersion: 'node.agent_version_key',
  platformVersion: 'node.platform_version_key',
}

type Builder = ExpressionBuilder<NodeTables, 'node'>

/** Up to `limit` nodes in order of their ids, after the node `after`, that satisfy every condition. One query. */
export function listNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  now: Date,
  page: { after: string | undefined; limit: number },
): Promise<ListedNode[]> {
  let query = selectNodes(reader, scope, conditions, now)
    .select([
      'node.node_id as nodeId',
      'node.activation_id as activationId',
      'node.iam_role as iamRole',
      'node.name',
      'node.registered_at as registeredAt',
      'node.agent_name as agentName',
      'node.agent_version as agentVersion',
      'node.platform_type as platformType',
      'node.platform_name as platformName',
      'node.platform_version as platformVersion',
      'node.computer_name as computerName',
      'node.ip_address as ipAddress',
      'node.last_ping_at as lastPingAt',
      isLatestVersion.as('isLatestVersion'),
      pingStatus(now).as('pingStatus'),
    ])
    .orderBy('node.node_id')
    .limit(page.limit)
  if (page.after !== undefined) query = query.where('node.node_id', '>', page.after)
  return query.execute()
}

/** How many nodes that satisfy every condition there are of each combination of values; nodes that told none are left out. */
export async function countNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  by: readonly StoredAttribute[],
  now: Date,
): Promise<{ values: string[]; count: number }[]> {
  let query = selectNodes(reader, scope, conditions, now).select((eb) => eb.fn.countAll<number>().as('count'))
  for (const [index, attribute] of by.entries()) {
    const column = sql.ref<string>(COLUMNS[attribute])
    query = query
      .select(column.as(`value${index}`))
      .where(column, 'is not', null)
      .groupBy(column)
  }
  const rows = (await query.execute()) as ({ count: number } & Record<string, string>)[]
  return rows.map((row) => ({ values: by.map((_, index) => row[`value${index}`]!), count: Number(row.count) }))
}

/** The nodes of a scope that satisfy every condition, for the caller to say what of them it wants. */
export function selectNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  now: Date,
): SelectQueryBuilder<NodeTables, 'node', object> {
  let query = tables<NodeTables>(reader)
    .selectFrom('node')
    .where('node.account', '=', scope.account)
    .where('node.region', '=', scope.region)
  for (const condition of conditions) query = query.where(toSql(scope, condition, now))
  return query
}

const isLatestVersion = sql<number>`case when node.agent_version_key = (
  select newest.agent_version_key from node as newest
  where newest.account = node.account and newest.region = node.region and newest.agent_name = node.agent_name
    and newest.agent_version_key is not null
  order by newest.agent_version_key desc limit 1) then 1 else 0 end`

function toSql(scope: Scope, condition: NodeCondition, now: Date): (eb: Builder) => Expression<SqlBool> {
  if ('always' in condition) return () => (condition.always ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`)
  if ('tag' in condition) return (eb) => isTagged(scope, 'ManagedInstance', eb.ref('node.node_id'), [condition.tag])
  const { attribute, operator, values } = condition
  return (eb) => compare(eb, attribute, operator, values, now)
}

function compare(eb: Builder, attribute: NodeAttribute, operator: Operator, values: readonly string[], now: Date) {
  const value = expressionOf(attribute, now)
  switch (operator) {
    case 'Equal':
      return eb(value, 'in', values)
    case 'NotEqual':
      return eb.or([eb(value, 'is', null), eb(value, 'not in', values)])
    case 'BeginWith':
      // Not `like`, which SQLite compares without case and which gives % and _ a meaning.
      return eb.or(values.map((start) => sql<SqlBool>`substr(${value}, 1, ${sql.lit(start.length)}) = ${start}`))
    case 'LessThan':
    case 'GreaterThan':
      return eb.or(values.map((limit) => order(eb, attribute, value, operator === 'LessThan' ? '<' : '>', limit)))
  }
}

function expressionOf(attribute: NodeAttribute, now: Date): Expression<string | null> {
  if (attribute === 'pingStatus') return pingStatus(now)
  if (attribute === 'instanceStatus') return instanceStatus(now)
  return sql.ref(COLUMNS[attribute])
}

function order(
  eb: Builder,
  attribute: NodeAttribute,
  value: Expression<string | null>,
  sign: '<' | '>',
  limit: string,
) {
  const column = ORDER_COLUMNS[attribute]
  return column ? eb(column, sign, versionKey(limit)) : eb(value, sign, limit)
}
