import type { DescribeGroupOverviewResult, FleetCountList } from '@steward/model/generated/steward.ts'
import { statusesOnNodes } from '#capabilities/associations/index.ts'
import { latestCommandsOn } from '#capabilities/commands/index.ts'
import { complianceOnNodes } from '#capabilities/compliance/index.ts'
import { groupArn, type Looking, mustFindGroup, nodesOf, taggedGroup } from '#capabilities/groups/index.ts'
import { typesOnNodes } from '#capabilities/inventory/index.ts'
import { nodeIds, summarizeNodesOf, targetCondition } from '#capabilities/nodes/index.ts'
import { membersOf } from '#capabilities/resource-groups/index.ts'
import { tagsOf } from '#capabilities/tags/index.ts'
import { readParts } from '../parts.ts'
import { steward } from '../steward.ts'

const ACTIONS = {
  Nodes: 'ssm:DescribeInstanceInformation',
  Compliance: 'ssm:ListResourceComplianceSummaries',
  Inventory: 'ssm:GetInventory',
  Associations: 'ssm:ListAssociations',
  Commands: 'ssm:ListCommands',
}

type Parts = { [K in keyof typeof ACTIONS]: NonNullable<DescribeGroupOverviewResult[K]> }

/**
 * Our own operation: a resource group and all that is known of its nodes, in numbers. Each part about the nodes is left out, with the
 * reason, if the caller may not list the same.
 */
export const DescribeGroupOverview = steward.open('DescribeGroupOverview', {
  access: ({ Group }, { scope }) => {
    const resource = Group.startsWith('arn:') ? Group : groupArn(scope, Group)
    return { action: 'resource-groups:ListGroupResources', resources: [resource] }
  },

  async handle({ Group: reference }, call) {
    const { scope, now } = call
    const { group, tags, members, targets } = await call.read((db) => lookUp({ ...call, db }, reference))
    const ofNodes = targets.map(targetCondition)
    const nodes = nodeIds(scope, ofNodes, now)
    const { read, withheld } = await readParts<Parts>(call, {
      Nodes: { action: ACTIONS.Nodes, read: (reader) => summarizeNodesOf(reader, scope, ofNodes, now) },
      Compliance: { action: ACTIONS.Compliance, read: (reader) => complianceOnNodes(reader, scope, ofNodes, now) },
      Inventory: { action: ACTIONS.Inventory, read: (reader) => typesOnNodes(reader, scope, nodes) },
      Associations: { action: ACTIONS.Associations, read: (reader) => statusesOnNodes(reader, scope, nodes) },
      Commands: { action: ACTIONS.Commands, read: (reader) => latestCommandsOn(reader, scope, nodes) },
    })
    return {
      Date: now,
      Group: {
        GroupArn: groupArn(scope, group.name),
        Name: group.name,
        Description: group.description || undefined,
        QueryType: group.query?.Type,
        Query: group.query?.Query,
        Tags: tags,
      },
      ResourceCount: members.length,
      ResourceTypes: countEach(members.map(({ keeper }) => keeper.cloudType)),
      ...read,
      Withheld: withheld,
    }
  },
})

async function lookUp(looking: Looking, reference: string) {
  const { db, scope } = looking
  const group = await mustFindGroup(db, scope, reference)
  return {
    group,
    tags: await tagsOf(db, scope, taggedGroup(group.name)),
    members: await membersOf(looking, group),
    targets: await nodesOf(looking, group),
  }
}

function countEach(values: readonly string[]): FleetCountList {
  const counts = Map.groupBy(values, (value) => value)
  return [...counts].map(([Value, all]) => ({ Value, Count: all.length })).sort((a, b) => b.Count - a.Count)
}
