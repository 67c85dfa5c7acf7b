import type {
  GetInventorySummaryResult,
  InventoryApplicationCount,
  InventoryPlatformCount,
} from '@steward/model/generated/steward.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { changesSince, countChanges, toChange } from '../change-store.ts'
import { countGroups } from '../count-groups.ts'
import { INSTANCE_INFORMATION } from '../derived-type.ts'
import { summarizeReports } from '../item-store.ts'
import { tableShapes } from '../query/query-tables.ts'
import { Search } from '../search.ts'
import { steward } from '../steward.ts'

const DAY_MS = 86_400_000
const SHOWN = 10
const APPLICATION = 'AWS:Application'

/** Our own operation: the inventory in numbers (INV-20): who reports, what is installed most, which systems and agents there are, what changed of late. */
export const GetInventorySummary = steward.read('GetInventorySummary', {
  access: (_input, { scope }) => ({ action: 'ssm:GetInventory', resources: noResource(scope) }),

  async handle(_input, call) {
    const { db, scope, now } = call
    const search = new Search(call)
    const dayAgo = new Date(now.getTime() - DAY_MS)
    const reports = await summarizeReports(db, scope, dayAgo)
    return {
      Date: now,
      Nodes: {
        Total: (await search.fleet()).length,
        Reporting: reports.nodes,
        ReportingLastDay: reports.nodesSince,
      },
      Types: await types(call, reports.types),
      OperatingSystems: await versions(search, 'PlatformName', 'PlatformVersion'),
      Agents: await versions(search, 'AgentType', 'AgentVersion'),
      TopApplications: await applications(search),
      Changes: await changes(call, dayAgo),
    }
  },
})

async function types({ db, scope }: Call, reports: Awaited<ReturnType<typeof summarizeReports>>['types']) {
  const shapes = await tableShapes(db, scope)
  return shapes.map(({ typeName, name, attributes }) => {
    const reported = reports.get(typeName)
    return {
      TypeName: typeName,
      TableName: name,
      Columns: ['node_id', ...attributes],
      Nodes: reported?.nodes ?? 0,
      Entries: reported?.entries ?? 0,
      LastReported: reported?.lastReported,
    }
  })
}

/** How many nodes there are of each name and version, the most frequent first. */
async function versions(
  search: Search,
  ...attributes: [name: string, version: string]
): Promise<InventoryPlatformCount[]> {
  const type = await search.type(INSTANCE_INFORMATION, attributes)
  return countGroups([{ type, attributes }], undefined).map(({ values: [Name, Version], nodes }) => ({
    Name: Name!,
    Version: Version!,
    Nodes: nodes,
  }))
}

async function applications(search: Search): Promise<InventoryApplicationCount[]> {
  const type = await search.type(APPLICATION, ['Name', 'Version'])
  const kinds = new Map<string, number>()
  for (const { values } of countGroups([{ type, attributes: ['Name', 'Version'] }], undefined))
    kinds.set(values[0]!, (kinds.get(values[0]!) ?? 0) + 1)
  const names = countGroups([{ type, attributes: ['Name'] }], undefined).slice(0, SHOWN)
  return names.map(({ values: [name], nodes }) => ({ Name: name!, Nodes: nodes, Versions: kinds.get(name!) ?? 0 }))
}

async function changes({ db, scope }: Call, since: Date): Promise<GetInventorySummaryResult['Changes']> {
  const { kinds, nodes } = await countChanges(db, scope, since)
  return {
    Since: since,
    Added: kinds.get('Added') ?? 0,
    Removed: kinds.get('Removed') ?? 0,
    Updated: kinds.get('Updated') ?? 0,
    Nodes: nodes,
    Recent: (await changesSince(db, scope, since, SHOWN)).map(toChange),
  }
}
