/** The fleet as people look through it: free text, filters on whatever is known, any order, and counts by value. */

import type { Tag } from '@steward/model/generated/ssm.ts'
import type { FleetNode, NodeGroup, NodeSearchFilter, SearchNodesRequest } from '@steward/model/generated/steward.ts'
import { type Expression, type RawBuilder, sql } from 'kysely'
import { tagKeys, tagsOfEach } from '#capabilities/tags/index.ts'
import { type Reader, select } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidFilter } from './errors.ts'
import type { NodeAttribute, NodeCondition, Operator } from './node-condition.ts'
import { all, countNodes, expressionOf, type ListedNode, orderOf, type Row, show, tagsOfNodes } from './node-query.ts'
import { pingStatus } from './presence.ts'
import { wordsOf } from './search-text.ts'

const ATTRIBUTES: Readonly<Record<string, NodeAttribute>> = {
  ActivationId: 'activationId',
  AgentName: 'agentName',
  AgentVersion: 'agentVersion',
  ComputerName: 'computerName',
  IamRole: 'iamRole',
  InstanceId: 'nodeId',
  IPAddress: 'ipAddress',
  IsLatestVersion: 'isLatestVersion',
  LastPingDateTime: 'lastPingAt',
  Name: 'name',
  PingStatus: 'pingStatus',
  PlatformName: 'platformName',
  PlatformType: 'platformType',
  PlatformVersion: 'platformVersion',
  RegistrationDate: 'registeredAt',
}

/** Values of one grouping; a tag with more is none to group by. */
const GROUPS_AT_MOST = 1000

/** Where a page begins: after the node with this id, whose place in the order this is. */
export interface NodeCursor {
  readonly place: string
  readonly id: string
  /** How many nodes there were in all when the first page was made. */
  readonly total: number
}

export interface NodeOrder {
  /** Undefined: by their ids. */
  readonly by: string | undefined
  readonly descending: boolean
}

/** What a search asks for. Throws `InvalidFilter` where it makes no sense. */
export function searchConditions({ Query = '', Filters = [] }: Pick<SearchNodesRequest, 'Query' | 'Filters'>) {
  const words = wordsOf(Query).map((word): NodeCondition => ({ word }))
  return [...words, ...Filters.map((filter) => toCondition(filter as NodeSearchFilter & { Key: string }))]
}

function toCondition({ Key, Type = 'Equal', Values = [] }: NodeSearchFilter & { Key: string }): NodeCondition {
  const subject = subjectOf(Key)
  if (Type === 'Exists' || Type === 'NotExists') return { ...subject, told: Type === 'Exists' }
  if (Values.length === 0) throw invalidFilter(`The filter ${Key} has no values.`)
  return { ...subject, operator: Type as Operator, values: Values }
}

function subjectOf(key: string): { attribute: NodeAttribute } | { tagKey: string } {
  if (/^tag:./s.test(key)) return { tagKey: key.slice('tag:'.length) }
  const attribute = ATTRIBUTES[key]
  if (attribute) return { attribute }
  throw invalidFilter(`${key} is not known of nodes. Known: ${Object.keys(ATTRIBUTES).sort().join(', ')}, tag:<name>.`)
}

/** Up to `limit` nodes after the cursor, how many there are in all, and where the next page begins if there is one. */
export async function searchNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  { by, descending }: NodeOrder,
  now: Date,
  { after, offset = 0, limit }: { after: NodeCursor | undefined; offset?: number; limit: number },
): Promise<{ nodes: readonly ListedNode[]; total: number; next: NodeCursor | undefined }> {
  const { from, place } = placeIn(scope, by, now)
  const direction = descending ? sql`desc` : sql`asc`
  const sign = descending ? sql`<` : sql`>`
  const rest = after ? sql`and (${place}, node.node_id) ${sign} (${after.place}, ${after.id})` : sql``
  // One look for both, unless all are wanted, whose number an index knows.
  const counted = !after && conditions.length > 0
  const rows = await select<Row & { readonly place: string; readonly total: number }>(
    reader,
    sql`select node.node_id, node.facts, node.last_ping_at, node.connected, node.online_until, ${place} as place,
        ${counted ? sql`count(*) over ()` : sql`0`} as total
      from ${from} where ${all(scope, conditions, now)} ${rest}
      order by ${by === undefined ? sql`` : sql`place ${direction},`} node.node_id ${direction} limit ${limit + 1} offset ${offset}`,
  )
  const page = rows.slice(0, limit)
  const known = after?.total ?? (counted ? rows[0]?.total : undefined)
  const total = Number(known ?? (await countNodes(reader, scope, conditions, [], now))[0]?.count ?? 0)
  const last = rows.length > limit ? page.at(-1) : undefined
  const { nodes } = await show(reader, scope, page, now)
  return { nodes, total, next: last && { place: last.place, id: last.node_id, total } }
}

/** What nodes are ordered by; those that told nothing come first. Names are in order whatever their case. */
function placeIn(
  scope: Scope,
  key: string | undefined,
  now: Date,
): { from: RawBuilder<unknown>; place: RawBuilder<string> } {
  if (key === undefined) return { from: sql`node`, place: sql`''` }
  const subject = subjectOf(key)
  if ('tagKey' in subject) return { from: withTag(scope, subject.tagKey), place: sql`coalesce(tagged.value, '')` }
  if (subject.attribute === 'name')
    return { from: sql`node`, place: sql`lower(coalesce(node.name, node.computer_name, ''))` }
  return { from: sql`node`, place: sql`coalesce(${orderOf(scope, subject.attribute, now)}, '')` }
}

/** Joined rather than looked up for each node: a database that knows nothing of its tables yet would do the latter slowly. */
function withTag(scope: Scope, key: string): RawBuilder<unknown> {
  return sql`node left join (${tagsOfNodes(scope, key)}) as tagged on tagged.resource_id = node.node_id`
}

/** The first nodes in which all words of a text are found. */
export async function findNodesByText(reader: Reader, scope: Scope, text: string, now: Date, limit: number) {
  const conditions = searchConditions({ Query: text })
  const order = { by: undefined, descending: false }
  const { nodes } = await searchNodes(reader, scope, conditions, order, now, { after: undefined, limit })
  return toFleetNodes(reader, scope, nodes)
}

/** `tag-key` counts the nodes that carry each tag. */
function groupedBy(
  scope: Scope,
  key: string,
  now: Date,
): { from: RawBuilder<unknown>; value: Expression<string | null> } {
  if (key !== 'tag-key') return valueOn(scope, key, now)
  const keys = tagKeys(scope, 'ManagedInstance')
  return { from: sql`node join (${keys}) as tagged on tagged.resource_id = node.node_id`, value: TAG_VALUE }
}

const TAG_VALUE = sql.ref<string | null>('tagged.value')

/** One row for each node. */
function valueOn(
  scope: Scope,
  key: string,
  now: Date,
): { from: RawBuilder<unknown>; value: Expression<string | null> } {
  const subject = subjectOf(key)
  if ('tagKey' in subject) return { from: withTag(scope, subject.tagKey), value: TAG_VALUE }
  return { from: sql`node`, value: expressionOf(scope, subject.attribute, now) }
}

/** What one thing, such as `PlatformName` or `tag:role`, is on each node that satisfies every condition; empty if it has no value. */
export async function nodeValues(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  key: string | undefined,
  now: Date,
): Promise<Map<string, string>> {
  const { from, value } = key === undefined ? { from: sql`node`, value: sql`''` } : valueOn(scope, key, now)
  const rows = await select<{ node_id: string; value: string }>(
    reader,
    sql`select node.node_id, coalesce(${value}, '') as value from ${from} where ${all(scope, conditions, now)}`,
  )
  return new Map(rows.map(({ node_id, value }) => [node_id, value]))
}

/** The nodes that satisfy every condition by their values of one thing, the most frequent first; without a value: they have none. */
export async function groupNodes(
  reader: Reader,
  scope: Scope,
  conditions: readonly NodeCondition[],
  key: string,
  now: Date,
): Promise<NodeGroup[]> {
  const { from, value } = groupedBy(scope, key, now)
  const rows = await select<{ value: string | null; count: number; online: number }>(
    reader,
    sql`select ${value} as value, count(*) as count,
        sum(case when ${pingStatus(now)} = 'Online' then 1 else 0 end) as online
      from ${from} where ${all(scope, conditions, now)}
      group by 1 order by 2 desc, 1 limit ${GROUPS_AT_MOST}`,
  )
  return rows.map(({ value, count, online }) => ({
    Value: value ?? undefined,
    Count: Number(count),
    Online: Number(online),
  }))
}

/** Nodes with their tags, as our own operations show them. */
export async function toFleetNodes(reader: Reader, scope: Scope, nodes: readonly ListedNode[]): Promise<FleetNode[]> {
  const ids = nodes.map(({ nodeId }) => nodeId)
  const tags = await tagsOfEach(reader, scope, 'ManagedInstance', ids)
  return nodes.map((node) => toFleetNode(node, tags.get(node.nodeId) ?? []))
}

function toFleetNode({ nodeId, facts, pingStatus, lastPingAt, isLatestVersion }: ListedNode, tags: Tag[]): FleetNode {
  return {
    InstanceId: nodeId,
    Name: facts.name,
    ComputerName: facts.computerName,
    IPAddress: facts.ipAddress,
    PingStatus: pingStatus,
    LastPingDateTime: lastPingAt,
    PlatformType: facts.platformType,
    PlatformName: facts.platformName,
    PlatformVersion: facts.platformVersion,
    AgentName: facts.agentName,
    AgentVersion: facts.agentVersion,
    IsLatestVersion: isLatestVersion,
    ActivationId: facts.activationId,
    IamRole: facts.iamRole,
    RegistrationDate: facts.registeredAt,
    Tags: tags,
  }
}
