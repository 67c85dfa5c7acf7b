import type { PingStatus } from '@steward/model/generated/ssm.ts'
import { type Expression, expressionBuilder, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { hasTagText, isTagged, tagValues } from '#capabilities/tags/index.ts'
import { type Reader, select, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { versionKey } from './node.ts'
import type { NodeAttribute, NodeCondition, Operator } from './node-condition.ts'
import { type NodeFacts, readFacts } from './node-facts.ts'
import { instanceStatus, type PresenceColumns, pingStatus, presenceAt } from './presence.ts'
import { SERVED_AGENT } from './served-agent.ts'
import type { NodeTables } from './tables.ts'

/** A node as lists show it. */
export interface ListedNode {
  readonly nodeId: string
  readonly facts: NodeFacts
  readonly lastPingAt: Date | undefined
  readonly pingStatus: PingStatus
  /** Whether no newer version of the same agent is known; undefined if it told none. */
  readonly isLatestVersion: boolean | undefined
}

/** The attributes that are columns; the others follow from the time. */
export type StoredAttribute = Exclude<NodeAttribute, 'pingStatus' | 'instanceStatus' | 'isLatestVersion'>

const COLUMNS = {
  activationId: 'node.activation_id',
  agentName: 'node.agent_name',
  agentVersion: 'node.agent_version',
  computerName: 'node.computer_name',
  iamRole: 'node.iam_role',
  ipAddress: 'node.ip_address',
  lastPingAt: 'node.last_ping_at',
  name: 'node.name',
  nodeId: 'node.node_id',
  platformName: 'node.platform_name',
  platformType: 'node.platform_type',
  platformVersion: 'node.platform_version',
  registeredAt: 'node.registered_at',
} as const satisfies Record<StoredAttribute, string>

/** Columns whose order is that of versions. */
const ORDER_COLUMNS: Partial<Record<NodeAttribute, 'node.agent_version_key' | 'node.platform_version_key'>> = {
  agentVersion: 'node.agent_version_key',
  platformVersion: 'node.platform_version_key',
}

const eb = expressionBuilder<NodeTables, 'node'>()

/** What the query of a list selects. */
export interface Row extends PresenceColumns {
  readonly node_id: string
  readonly facts: string
  readonly last_ping_at: string | null
}

/** A page as it was shown last. Rows that are the same array come from the same state of the database. */
interface Shown {
  readonly nodes: readonly ListedNode[]
  /** From then on (epoch milliseconds) a status is another without anything having been written. */
  readonly until: number
}

const shown = new WeakMap<readonly Row[], Shown>()

/**
 * Up to `limit` nodes in order of their ids, after the node `after`, that satisfy every condition. Answers with the same array
 * as before if nothing of it has changed and the database remembers the question.
 */
export async function listNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  now: Date,
  page: { after: string | undefined; limit: number },
): Promise<readonly ListedNode[]> {
  const { after = '', limit } = page
  const rows =
    conditions.length === 0
      ? await allNodes(reader, scope.account, scope.region, after, limit)
      : await select<Row>(
          reader,
          sql`select node.node_id, node.facts, node.last_ping_at, node.connected, node.online_until
            from node where ${all(scope, conditions, now)} and node.node_id > ${after}
            order by node.node_id limit ${limit}`,
        )
  const known = shown.get(rows)
  if (known && now.getTime() < known.until) return known.nodes
  const made = await show(reader, scope, rows, now)
  shown.set(rows, made)
  return made.nodes
}

const allNodes = statement((db: Kysely<NodeTables>, account: string, region: string, after: string, limit: number) =>
  db
    .selectFrom('node')
    .select(['node_id', 'facts', 'last_ping_at', 'connected', 'online_until'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where('node_id', '>', after)
    .orderBy('node_id')
    .limit(limit),
)

/** Nodes as lists show them, made of their rows. */
export async function show(reader: Reader, scope: Scope, rows: readonly Row[], now: Date): Promise<Shown> {
  const facts = rows.map((row) => readFacts(row.facts))
  const newest = await newestVersions(reader, scope, new Set(facts.map(({ agentName }) => agentName ?? '')))
  const presences = rows.map((row) => presenceAt(row, now))
  const nodes = rows.map(({ node_id, last_ping_at }, index) => {
    const { agentName = '', agentVersion } = facts[index]!
    return {
      nodeId: node_id,
      facts: facts[index]!,
      lastPingAt: last_ping_at === null ? undefined : new Date(last_ping_at),
      pingStatus: presences[index]!.status,
      isLatestVersion: agentVersion ? isNoOlder(agentVersion, newest.get(agentName)) : undefined,
    }
  })
  return { nodes, until: Math.min(...presences.map(({ until }) => until)) }
}

const newestOf = statement((db: Kysely<NodeTables>, account: string, region: string, agent: string) =>
  db
    .selectFrom('node')
    .select('agent_version')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('agent_name', '=', agent)
    .where('agent_version_key', 'is not', null)
    .orderBy('agent_version_key', 'desc')
    .limit(1),
)

/** Whether a version of an agent counts as its latest. */
export function isNoOlder(version: string, newest = version): boolean {
  return version === newest || versionKey(version) > versionKey(newest)
}

/** The newest version that is known of each agent; of our own the one that is served. */
export async function newestVersions(
  reader: Reader,
  scope: Scope,
  agents: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const newest = new Map<string, string>()
  for (const agent of agents) {
    if (agent === SERVED_AGENT.name) {
      newest.set(agent, SERVED_AGENT.version)
      continue
    }
    const [row] = await newestOf(reader, scope.account, scope.region, agent)
    if (row?.agent_version) newest.set(agent, row.agent_version)
  }
  return newest
}

/** How many nodes that satisfy every condition there are of each combination of values; nodes that told none are left out. */
export async function countNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  by: readonly StoredAttribute[],
  now: Date,
): Promise<{ values: string[]; count: number }[]> {
  const columns = by.map((attribute) => sql.ref<string>(COLUMNS[attribute]))
  const values = columns.map((column, index) => sql`, ${column} as ${sql.id(`value${index}`)}`)
  const told = columns.map((column) => sql` and ${column} is not null`)
  const groups = columns.length > 0 ? sql`group by ${sql.join(columns)}` : sql``
  const rows = await select<{ count: number } & Record<string, string>>(
    reader,
    sql`select count(*) as count${sql.join(values, sql``)} from node
      where ${all(scope, conditions, now)}${sql.join(told, sql``)} ${groups}`,
  )
  return rows.map((row) => ({ values: by.map((_, index) => row[`value${index}`]!), count: row.count }))
}

/** For another capability's query: the ids of the nodes that satisfy every condition. */
export function nodeIds(scope: Scope, conditions: readonly NodeCondition[], now: Date): RawBuilder<string> {
  return sql`(select node.node_id from node where ${all(scope, conditions, now)})`
}

/** Nodes of the scope that satisfy every condition. */
export function all(scope: Scope, conditions: readonly NodeCondition[], now: Date): RawBuilder<SqlBool> {
  let where = sql<SqlBool>`node.account = ${scope.account} and node.region = ${scope.region}`
  for (const condition of conditions) where = sql`${where} and ${toSql(scope, condition, now)}`
  return where
}

function toSql(scope: Scope, condition: NodeCondition, now: Date): Expression<SqlBool> {
  if ('always' in condition) return condition.always ? sql`1 = 1` : sql`1 = 0`
  if ('tag' in condition) return isTagged(scope, 'ManagedInstance', NODE_ID, [condition.tag])
  if ('word' in condition) return mentions(scope, condition.word, now)
  if ('tagKey' in condition) return tagged(scope, condition)
  if ('oneOf' in condition) return hasOneOf(condition.oneOf, condition)
  if ('known' in condition) return compare(condition.known(NODE_ID), undefined, condition.operator, condition.values)
  const value = expressionOf(scope, condition.attribute, now)
  if ('told' in condition) return condition.told ? sql`${value} is not null` : sql`${value} is null`
  return compare(value, condition.attribute, condition.operator, condition.values)
}

/** The tags of that key, with their nodes; to be joined. */
export function tagsOfNodes(scope: Scope, key: string): RawBuilder<unknown> {
  return tagValues(scope, 'ManagedInstance', key)
}

function tagged(scope: Scope, condition: Extract<NodeCondition, { tagKey: string }>): Expression<SqlBool> {
  const tags = tagsOfNodes(scope, condition.tagKey)
  if ('told' in condition) {
    const having = sql<string>`(select tagged.resource_id from (${tags}) as tagged)`
    return condition.told ? sql`${NODE_ID} in ${having}` : sql`${NODE_ID} not in ${having}`
  }
  return hasOneOf(tags, condition)
}

/** One of the values in the rows compares so; with NotEqual, none of them is equal. */
function hasOneOf(
  rows: RawBuilder<unknown>,
  { operator, values }: { operator: Operator; values: readonly string[] },
): Expression<SqlBool> {
  const matches = compare(sql.ref('known.value'), undefined, operator === 'NotEqual' ? 'Equal' : operator, values)
  const having = sql<string>`(select known.resource_id from (${rows}) as known where ${matches})`
  return operator === 'NotEqual' ? sql`${NODE_ID} not in ${having}` : sql`${NODE_ID} in ${having}`
}

const NODE_ID = eb.ref('node.node_id')

/** Words by which people ask for a status; the first letters will do. */
const STATUS_WORDS: Readonly<Record<string, PingStatus>> = {
  online: 'Online',
  offline: 'ConnectionLost',
  lost: 'ConnectionLost',
  connectionlost: 'ConnectionLost',
  inactive: 'Inactive',
}
const SHORTEST_STATUS_WORD = 3

function mentions(scope: Scope, word: string, now: Date): Expression<SqlBool> {
  const known: Expression<SqlBool>[] = [
    hasText(sql.ref('node.search_text'), word),
    hasText(NODE_ID, word),
    hasTagText(scope, 'ManagedInstance', NODE_ID, word),
  ]
  const statuses = Object.entries(STATUS_WORDS).filter(([name]) => name.startsWith(word))
  if (word.length >= SHORTEST_STATUS_WORD && statuses.length > 0) {
    const wanted = statuses.map(([, status]) => status)
    known.push(eb(pingStatus(now), 'in', wanted))
  }
  return eb.parens(eb.or(known))
}

function compare(
  value: Expression<string | null>,
  attribute: NodeAttribute | undefined,
  operator: Operator,
  values: readonly string[],
): Expression<SqlBool> {
  switch (operator) {
    case 'Equal':
      return eb(value, 'in', values)
    case 'NotEqual':
      return eb.parens(eb.or([eb(value, 'is', null), eb(value, 'not in', values)]))
    case 'BeginWith':
      // Not `like`, which SQLite compares without case and which gives % and _ a meaning.
      return anyOf(values, (start) => sql`substr(${value}, 1, ${sql.lit(start.length)}) = ${start}`)
    case 'Contains':
      return anyOf(values, (part) => hasText(sql`lower(${value})`, part.toLowerCase()))
    case 'LessThan':
    case 'GreaterThan':
      return anyOf(values, (limit) => order(attribute, value, operator === 'LessThan' ? '<' : '>', limit))
  }
}

function anyOf(values: readonly string[], condition: (value: string) => Expression<SqlBool>): Expression<SqlBool> {
  return eb.parens(eb.or(values.map(condition)))
}

/** The value of an attribute at `now`, for the columns of a row called `node`. */
export function expressionOf(scope: Scope, attribute: NodeAttribute, now: Date): Expression<string | null> {
  if (attribute === 'pingStatus') return pingStatus(now)
  if (attribute === 'instanceStatus') return instanceStatus(now)
  if (attribute === 'isLatestVersion') return isLatest(scope)
  return sql.ref(COLUMNS[attribute])
}

/** What the order of an attribute's values goes by. */
export function orderOf(scope: Scope, attribute: NodeAttribute, now: Date): Expression<string | null> {
  const column = ORDER_COLUMNS[attribute]
  return column ? sql.ref(column) : expressionOf(scope, attribute, now)
}

function isLatest({ account, region }: Scope): Expression<string | null> {
  return sql`case
    when node.agent_version_key is null then null
    when node.agent_name = ${SERVED_AGENT.name} then
      case when node.agent_version_key >= ${SERVED_AGENT.versionKey} then 'true' else 'false' end
    when (node.agent_name, node.agent_version_key) in (
      select newest.agent_name, max(newest.agent_version_key) from node as newest
      where newest.account = ${account} and newest.region = ${region} and newest.agent_name is not null
      group by newest.agent_name) then 'true'
    else 'false' end`
}

function order(
  attribute: NodeAttribute | undefined,
  value: Expression<string | null>,
  sign: '<' | '>',
  limit: string,
): Expression<SqlBool> {
  const column = attribute && ORDER_COLUMNS[attribute]
  return column ? eb(column, sign, versionKey(limit)) : eb(value, sign, limit)
}

/** The Regions where the account has nodes. */
export async function regionsWithNodes(reader: Reader, account: string): Promise<string[]> {
  const rows = await tables<NodeTables>(reader)
    .selectFrom('node')
    .select('region')
    .distinct()
    .where('account', '=', account)
    .execute()
  return rows.map(({ region }) => region)
}
