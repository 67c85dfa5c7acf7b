import { type Expression, type SqlBool, sql } from 'kysely'
import { gatheredScopes, gatheringDemand } from '#capabilities/gathered.ts'
import { groupsSpelledOut, groupTargetFault } from '#capabilities/groups/index.ts'
import { nodeIds, nodeValues, searchConditions, targetCondition } from '#capabilities/nodes/index.ts'
import { invalidFilter, invalidTarget } from '../errors.ts'
import {
  countNodes,
  failingItems,
  groups,
  type NodeStanding,
  regions,
  standings,
  summariesOf,
  types,
  worstNodes,
} from '../overview.ts'
import { steward } from '../steward.ts'
import { complianceTrend } from '../trend.ts'

const DAY = 24 * 3600 * 1000
const TREND = { days: 30, points: 31 }
/** It shows no more than these. */
const ACTIONS = ['ssm:ListResourceComplianceSummaries', 'ssm:ListComplianceItems']

/** Our own operation: the compliance of the fleet, or of those nodes that targets and filters mean, now and over time. */
export const GetComplianceOverview = steward.read('GetComplianceOverview', {
  access: ({ SyncName }, call) => ACTIONS.map((action) => gatheringDemand(action, call, SyncName)),

  async handle(input, call) {
    const { db, scope, now } = call
    const { Targets = [], ComplianceTypes, GroupBy, SyncName } = input
    const fault = groupTargetFault(scope, Targets)
    if (fault) throw invalidTarget(fault)
    const scopes = await gatheredScopes(db, call, SyncName)
    if (SyncName !== undefined && Targets.some(({ Key = '' }) => Key.startsWith('resource-groups:')))
      throw invalidTarget('Resource groups are of one Region; with a sync, choose nodes by their tags.')
    const since = input.Since ?? new Date(now.getTime() - TREND.days * DAY)
    if (since >= now) throw invalidFilter('Since is not in the past.')
    const targets = await groupsSpelledOut(call, Targets)
    const ofNodes = [...targets.map(targetCondition), ...searchConditions(input)]
    const conditions: Expression<SqlBool>[] = []
    if (ofNodes.length > 0) {
      const anywhere = scopes.map((one) => sql`node_id in ${nodeIds(one, ofNodes, now)}`)
      conditions.push(sql`(${sql.join(anywhere, sql` or `)})`)
    }
    if (ComplianceTypes?.length) conditions.push(sql`type in (${sql.join(ComplianceTypes)})`)

    const rows = await summariesOf(db, scopes, conditions)
    const byRegion = new Map<string, NodeStanding[]>()
    for (const one of scopes)
      byRegion.set(one.region, standings(await nodeValues(db, one, ofNodes, GroupBy, now), rows))
    const nodes = [...byRegion.values()].flat()
    return {
      Date: now,
      Nodes: countNodes(nodes),
      ...(SyncName !== undefined && { Regions: regions(byRegion) }),
      Types: types(rows),
      ...(GroupBy !== undefined && { Groups: groups(nodes) }),
      Worst: await worstNodes(db, scopes, nodes),
      FailingItems: await failingItems(db, scopes, conditions),
      Trend: await complianceTrend(db, scopes, conditions, { since, now, points: input.TrendPoints ?? TREND.points }),
    }
  },
})
