/**
 * Groups as targets. Whatever takes targets spells groups out first, when it acts and not before: what is in a group changes with
 * its query and with tags, without anybody saying so.
 */
import type { Target, Targets } from '@steward/model/generated/ssm.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { InventoryDirectory, TaskContext } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { groupArn, groupName, type ResourceGroup } from './group.ts'
import { readQuery } from './query.ts'
import { MANAGED_NODE } from './resource-types.ts'
import { explicitMembers, findGroup } from './store.ts'

const NAME = 'resource-groups:Name'
const TYPES = 'resource-groups:ResourceTypeFilters'
/** Types that nodes are of; one of them must be among the types that a target asks for. */
const NODE_TYPES = ['AWS::EC2::Instance', MANAGED_NODE]

const ALL_NODES: Targets = [{ Key: 'InstanceIds', Values: ['*'] }]
const NO_NODE: Targets = [{ Key: 'InstanceIds', Values: [] }]

export function isGroupKey(key: string): boolean {
  return key.toLowerCase().startsWith('resource-groups:')
}

/**
 * Why targets that speak of a group are not valid: one group, by name or ARN of this account and Region, alone or with types (T-06).
 * Undefined if they are, or speak of none. Pure.
 */
export function groupTargetFault(scope: Scope, targets: Targets): string | undefined {
  const about = targets.filter(({ Key = '' }) => isGroupKey(Key))
  if (about.length === 0) return undefined
  if (about.length < targets.length) return 'a resource group cannot be combined with other targets.'
  const odd = about.find(({ Key }) => Key !== NAME && Key !== TYPES)
  if (odd) return `the keys that begin with resource-groups: are ${NAME} and ${TYPES}.`
  if (new Set(about.map(({ Key }) => Key)).size < about.length) return 'a key is given twice.'
  const names = valuesOf(targets, NAME)
  if (names.length !== 1) return `${NAME} takes the name or ARN of one group.`
  if (groupName(scope, names[0]!) === undefined) return 'the group must be of this account and Region.'
  if (about.length === 1) return undefined
  const types = valuesOf(targets, TYPES)
  if (types.length === 0 || types.length > 5) return `${TYPES} takes one to five resource types.`
  if (new Set(types).size < types.length) return `${TYPES} has a value twice.`
  return NODE_TYPES.some((type) => types.includes(type))
    ? undefined
    : `${TYPES} must contain ${NODE_TYPES.join(' or ')}.`
}

/** The ARN of the group that targets name, if they do and if they are valid: on it `ListGroupResources` must be allowed (T-04). */
export function targetedGroup(scope: Scope, targets: Targets): string | undefined {
  const [name] = valuesOf(targets, NAME)
  return name === undefined ? undefined : groupArn(scope, groupName(scope, name) ?? '')
}

/** What it takes to look into groups. Every call has it. */
export interface Looking {
  readonly db: Reader
  readonly scope: Scope
  readonly now: Date
  readonly inventory: InventoryDirectory
}

export function lookingIn(context: TaskContext, db: Reader, { account, region }: Scope): Looking {
  return { db, scope: { account, region }, now: context.now(), inventory: context.inventory }
}

/**
 * The same targets in the words that `nodesMatching` and `listTargets` know: a group becomes the tags or ids of its nodes as of now.
 * A group that is not there, or has no nodes, means no node (T-04).
 */
export async function groupsSpelledOut(looking: Looking, targets: Targets): Promise<Targets> {
  const { db, scope } = looking
  const [reference] = valuesOf(targets, NAME)
  if (reference === undefined) return targets
  const group = await findGroup(db, scope, groupName(scope, reference) ?? '')
  const types = valuesOf(targets, TYPES)
  if (!group || (types.length > 0 && !types.includes(MANAGED_NODE))) return NO_NODE
  return nodesOf(looking, group)
}

/** The nodes of a group, as targets. */
export async function nodesOf(looking: Looking, group: ResourceGroup): Promise<Targets> {
  if (!group.query) {
    const prefix = nodeArn(looking.scope, '')
    const nodes = (await explicitMembers(looking.db, group)).filter((arn) => arn.startsWith(prefix))
    return [toTarget(nodes.map((arn) => arn.slice(prefix.length)))]
  }
  const query = readQuery(group.query)
  if (!query || (query.types && !query.types.has(MANAGED_NODE))) return NO_NODE
  const tagged = query.tags.map(
    (filter): Target =>
      'keys' in filter
        ? { Key: 'tag-key', Values: [...filter.keys] }
        : { Key: `tag:${filter.key}`, Values: [...('values' in filter ? filter.values : [])] },
  )
  if (query.inventory) return [toTarget(await looking.inventory.nodesReporting(looking, query.inventory)), ...tagged]
  return tagged.length > 0 ? tagged : ALL_NODES
}

function toTarget(nodeIds: Iterable<string>): Target {
  return { Key: 'InstanceIds', Values: [...nodeIds] }
}

function valuesOf(targets: Targets, key: string): readonly string[] {
  return targets.filter(({ Key }) => Key === key).flatMap(({ Values = [] }) => Values)
}
