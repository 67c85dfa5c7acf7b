import type { GetInventoryResult, InventoryResultItem } from '@steward/model/generated/ssm.ts'
import type { ListedNode } from '#capabilities/nodes/index.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { type Aggregation, type AnswerLine, groupLine, matchLines, toAggregation } from '../aggregation.ts'
import { complianceContents } from '../compliance-type.ts'
import { type NodeDemand, toDemands } from '../condition.ts'
import { countGroups } from '../count-groups.ts'
import { customTypes } from '../custom-type.ts'
import { derivedEntries, INSTANCE_INFORMATION } from '../derived-type.ts'
import { invalidResultAttribute } from '../errors.ts'
import { AWS_TYPES, isCompliance } from '../inventory-type.ts'
import { contentsOf, itemsOfNodes } from '../item-store.ts'
import { inBoth, Search } from '../search.ts'

const NODES_OF_PAGE = 50
/** Without a limit of the caller's: counts are short, and clients seldom ask for a second page of them. */
const LINES_OF_PAGE = 1000

/** Nodes with what they reported of one type, or counts of nodes by what they reported (INV-10 … INV-13). */
export const GetInventory = ssm.read('GetInventory', {
  access: (_input, { scope }) => ({ action: 'ssm:GetInventory', resources: noResource(scope) }),

  async handle({ Filters = [], Aggregators = [], ResultAttributes, MaxResults }, call) {
    const customNames = [...(await customTypes(call.db, call.scope)).keys()]
    const search = new Search(call)
    const demands = toDemands(Filters, { customNames, mayAskExists: Aggregators.length > 0 })
    if (Aggregators.length > 0) {
      const aggregation = toAggregation(Aggregators, customNames)
      return counts(call, search, demands, aggregation, customNames, MaxResults ?? LINES_OF_PAGE)
    }
    const typeName = ResultAttributes?.[0]?.TypeName ?? INSTANCE_INFORMATION
    if (!typeName.startsWith('Custom:') && !AWS_TYPES.has(typeName)) throw invalidResultAttribute(typeName)
    return nodes(call, search, demands, typeName, MaxResults ?? NODES_OF_PAGE)
  },
})

async function nodes(
  call: Call,
  search: Search,
  demands: readonly NodeDemand[],
  typeName: string,
  limit: number,
): Promise<GetInventoryResult> {
  const found = await search.nodes(demands)
  const after = call.cursor<string>() ?? ''
  const rest = (await search.fleet()).filter(({ nodeId }) => nodeId > after && (!found || found.has(nodeId)))
  const page = rest.slice(0, limit)
  const items = await resultItems(call, typeName, page)
  return {
    Entities: page.map(({ nodeId }) => {
      const item = items.get(nodeId)
      return { Id: nodeId, Data: item ? { [typeName]: item } : {} }
    }),
    NextToken: call.nextToken(rest.length > page.length ? page.at(-1)?.nodeId : undefined),
  }
}

async function resultItems(
  { db, scope, now }: Call,
  typeName: string,
  page: readonly ListedNode[],
): Promise<Map<string, InventoryResultItem>> {
  const items = new Map<string, InventoryResultItem>()
  const type = AWS_TYPES.get(typeName)
  if (type?.isDerived) {
    const entries = await derivedEntries(db, scope, typeName, page, now)
    for (const { nodeId, lastPingAt, facts } of page) {
      const CaptureTime = `${(lastPingAt ?? facts.registeredAt).toISOString().slice(0, 19)}Z`
      const Content = [...(entries.get(nodeId) ?? [])]
      items.set(nodeId, { TypeName: typeName, SchemaVersion: type.versions[0]!, CaptureTime, Content })
    }
    return items
  }
  const ids = page.map(({ nodeId }) => nodeId)
  if (isCompliance(typeName)) {
    for (const [nodeId, { captureTime, entries }] of await complianceContents(db, scope, typeName, ids))
      items.set(nodeId, {
        TypeName: typeName,
        SchemaVersion: '1.0',
        CaptureTime: captureTime,
        Content: [...entries],
      })
    return items
  }
  const contents = await contentsOf(db, ids, typeName)
  for (const [nodeId, row] of await itemsOfNodes(db, ids, typeName)) {
    items.set(nodeId, {
      TypeName: typeName,
      SchemaVersion: row.schema_version,
      CaptureTime: row.capture_time,
      ContentHash: row.content_hash ?? undefined,
      Content: contents.get(nodeId) ?? [],
    })
  }
  return items
}

async function counts(
  call: Call,
  search: Search,
  demands: readonly NodeDemand[],
  { groupings, groups }: Aggregation,
  customNames: readonly string[],
  limit: number,
): Promise<GetInventoryResult> {
  const among = await search.nodes(demands)
  const lines: AnswerLine[] = []
  for (const grouping of groupings) {
    const levels = []
    for (const { typeName, attributes } of grouping.levels)
      levels.push({ type: await search.type(typeName, attributes), attributes })
    for (const { values, nodes } of countGroups(levels, among)) lines.push(groupLine(grouping, values, nodes))
  }
  for (const { Name = '', Filters = [] } of groups) {
    const all = among ?? new Set((await search.fleet()).map(({ nodeId }) => nodeId))
    const matching = await search.nodes(toDemands(Filters, { customNames, mayAskExists: true }))
    lines.push(...matchLines(Name, matching ? inBoth(matching, all).size : all.size, all.size))
  }
  const from = call.cursor<number>() ?? 0
  const page = lines.slice(from, from + limit)
  const contents = Map.groupBy(page, ({ under }) => under)
  const Data = Object.fromEntries([...contents].map(([name, some]) => [name, countedItem(name, some)]))
  return {
    Entities: page.length > 0 ? [{ Data }] : [],
    NextToken: call.nextToken(from + limit < lines.length ? from + limit : undefined),
  }
}

/** Its name is that of a type or of a group of the request. */
function countedItem(name: string, lines: readonly AnswerLine[]): InventoryResultItem {
  const SchemaVersion = AWS_TYPES.get(name)?.versions[0] ?? '1.0'
  return { TypeName: name, SchemaVersion, Content: lines.map(({ entry }) => entry) }
}
