import { type Expression, type SqlBool, sql } from 'kysely'
import { groupsSpelledOut, groupTargetFault } from '#capabilities/groups/index.ts'
import { nodeIds, nodeValues, searchConditions, targetCondition } from '#capabilities/nodes/index.ts'
import { noResource } from '#capabilities/ssm.ts'
import { invalidFilter, invalidTarget } from '../errors.ts'
import { countNodes, failingItems, groups, standings, summariesOf, types, worstNodes } from '../overview.ts'
import { steward } from '../steward.ts'
import { complianceTrend } from '../trend.ts'

const DAY = 24 * 3600 * 1000
const TREND = { days: 30, points: 31 }
/** It shows no more than these. */
const ACTIONS = ['ssm:ListResourceComplianceSummaries', 'ssm:ListComplianceItems']

/** Our own operation: the compliance of the fleet, or of those nodes that targets and filters mean, now and over time. */
export const GetComplianceOverview = steward.read('GetComplianceOverview', {
  access: (_input, { scope }) => ACTIONS.map((action) => ({ action, resources: noResource(scope) })),

  async handle(input, call) {
    const { db, scope, now } = call
    const { Targets = [], ComplianceTypes, GroupBy } = input
    const fault = groupTargetFault(scope, Targets)
    if (fault) throw invalidTarget(fault)
    const since = input.Since ?? new Date(now.getTime() - TREND.days * DAY)
    if (since >= now) throw invalidFilter('Since is not in the past.')
    const targets = await groupsSpelledOut(call, Targets)
    const ofNodes = [...targets.map(targetCondition), ...searchConditions(input)]
    const conditions: Expression<SqlBool>[] = []
    if (ofNodes.length > 0) conditions.push(sql`node_id in ${nodeIds(scope, ofNodes, now)}`)
    if (ComplianceTypes?.length) conditions.push(sql`type in (${sql.join(ComplianceTypes)})`)

    const rows = await summariesOf(db, scope, conditions)
    const nodes = standings(await nodeValues(db, scope, ofNodes, GroupBy, now), rows)
    return {
      Date: now,
      Nodes: countNodes(nodes),
      Types: types(rows),
      ...(GroupBy !== undefined && { Groups: groups(nodes) }),
      Worst: await worstNodes(db, scope, nodes),
      FailingItems: await failingItems(db, scope, conditions),
      Trend: await complianceTrend(db, scope, conditions, { since, now, points: input.TrendPoints ?? TREND.points }),
    }
  },
})
