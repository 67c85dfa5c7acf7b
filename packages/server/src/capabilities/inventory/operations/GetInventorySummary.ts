import type {
  GetInventorySummaryResult,
  InventoryApplicationCount,
  InventoryChange,
  InventoryPlatformCount,
  InventoryTypeSummary,
} from '@steward/model/generated/steward.ts'
import { gatheredScopes, gatheringDemand } from '#capabilities/gathered.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { changesSince, countChanges, toChange } from '../change-store.ts'
import { countGroups } from '../count-groups.ts'
import { INSTANCE_INFORMATION } from '../derived-type.ts'
import { AWS_TYPES, isCompliance } from '../inventory-type.ts'
import { summarizeReports } from '../item-store.ts'
import { tableShapes } from '../query/query-tables.ts'
import { Search } from '../search.ts'
import { steward } from '../steward.ts'

const DAY_MS = 86_400_000
const SHOWN = 10
const APPLICATION = 'AWS:Application'

/** One Region of those that are summed up. */
interface Part {
  readonly scope: Scope
  readonly search: Search
  readonly reports: Awaited<ReturnType<typeof summarizeReports>>
}

/**
 * Our own operation: the inventory in numbers (INV-20): who reports, what is installed most, which systems and agents there are, what changed
 * of late; in all Regions that a sync gathers, if one is named.
 */
export const GetInventorySummary = steward.read('GetInventorySummary', {
  access: ({ SyncName }, call) => gatheringDemand('ssm:GetInventory', call, SyncName),

  async handle({ SyncName }, call) {
    const { db, now } = call
    const dayAgo = new Date(now.getTime() - DAY_MS)
    const parts: Part[] = []
    for (const scope of await gatheredScopes(db, call, SyncName)) {
      const search = new Search({ db, scope, now })
      parts.push({ scope, search, reports: await summarizeReports(db, scope, dayAgo) })
    }
    const regions = await Promise.all(parts.map(coverage))
    const total = (of: 'Total' | 'Reporting' | 'ReportingLastDay') => sum(regions.map(({ [of]: count }) => count))
    return {
      Date: now,
      Nodes: { Total: total('Total'), Reporting: total('Reporting'), ReportingLastDay: total('ReportingLastDay') },
      ...(SyncName !== undefined && { Regions: regions }),
      Types: await types(db, parts),
      OperatingSystems: await versions(parts, 'PlatformName', 'PlatformVersion'),
      Agents: await versions(parts, 'AgentType', 'AgentVersion'),
      TopApplications: await applications(parts),
      Changes: await changes(db, parts, dayAgo, SyncName !== undefined),
    }
  },
})

async function coverage({ scope, search, reports }: Part) {
  return {
    Region: scope.region,
    Total: (await search.fleet()).length,
    Reporting: reports.nodes,
    ReportingLastDay: reports.nodesSince,
  }
}

async function types(reader: Reader, parts: readonly Part[]): Promise<InventoryTypeSummary[]> {
  const shapes = await tableShapes(
    reader,
    parts.map(({ scope }) => scope),
  )
  const summaries: InventoryTypeSummary[] = []
  for (const { typeName, name, attributes } of shapes) {
    const found = []
    for (const part of parts) found.push(await reportsOf(part, typeName))
    summaries.push({
      TypeName: typeName,
      TableName: name,
      Columns: ['node_id', ...attributes],
      Nodes: sum(found.map(({ nodes }) => nodes)),
      Entries: sum(found.map(({ entries }) => entries)),
      LastReported: found.flatMap(({ lastReported }) => lastReported ?? []).sort((a, b) => Number(b) - Number(a))[0],
    })
  }
  return summaries
}

/** Of what is known otherwise there is no report to count. */
async function reportsOf({ search, reports }: Part, typeName: string) {
  const reported = reports.types.get(typeName) ?? { nodes: 0, entries: 0, lastReported: undefined }
  if (!AWS_TYPES.get(typeName)?.isDerived && !isCompliance(typeName)) return reported
  const { nodes } = await search.type(typeName, [])
  return { ...reported, nodes: nodes.size, entries: sum([...nodes.values()].map(({ length }) => length)) }
}

/** How many nodes there are of each name and version, the most frequent first. */
async function versions(
  parts: readonly Part[],
  ...attributes: [name: string, version: string]
): Promise<InventoryPlatformCount[]> {
  const groups = await countEach(parts, INSTANCE_INFORMATION, attributes)
  return groups.map(({ values: [Name, Version], nodes }) => ({ Name: Name!, Version: Version!, Nodes: nodes }))
}

async function applications(parts: readonly Part[]): Promise<InventoryApplicationCount[]> {
  const kinds = new Map<string, number>()
  for (const { values } of await countEach(parts, APPLICATION, ['Name', 'Version']))
    kinds.set(values[0]!, (kinds.get(values[0]!) ?? 0) + 1)
  const names = (await countEach(parts, APPLICATION, ['Name'])).slice(0, SHOWN)
  return names.map(({ values: [name], nodes }) => ({ Name: name!, Nodes: nodes, Versions: kinds.get(name!) ?? 0 }))
}

/** Nodes of all Regions by the values of attributes of one type, the most frequent first. */
async function countEach(parts: readonly Part[], typeName: string, attributes: readonly string[]) {
  const counted = []
  for (const { search } of parts)
    counted.push(...countGroups([{ type: await search.type(typeName, attributes), attributes }], undefined))
  if (parts.length === 1) return counted
  return [...Map.groupBy(counted, ({ values }) => JSON.stringify(values)).values()]
    .map((same) => ({ values: same[0]!.values, nodes: sum(same.map(({ nodes }) => nodes)) }))
    .sort((a, b) => b.nodes - a.nodes)
}

async function changes(
  reader: Reader,
  parts: readonly Part[],
  since: Date,
  isGathered: boolean,
): Promise<GetInventorySummaryResult['Changes']> {
  const counts: Awaited<ReturnType<typeof countChanges>>[] = []
  const recent: InventoryChange[] = []
  for (const { scope } of parts) {
    counts.push(await countChanges(reader, scope, since))
    for (const row of await changesSince(reader, scope, since, SHOWN))
      recent.push({ ...toChange(row), ...(isGathered && { Region: scope.region }) })
  }
  const of = (kind: 'Added' | 'Removed' | 'Updated') => sum(counts.map(({ kinds }) => kinds.get(kind) ?? 0))
  if (isGathered) recent.sort((a, b) => Number(b.Time) - Number(a.Time))
  return {
    Since: since,
    Added: of('Added'),
    Removed: of('Removed'),
    Updated: of('Updated'),
    Nodes: sum(counts.map(({ nodes }) => nodes)),
    Recent: recent.slice(0, SHOWN),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}
