/** What is in a group, and what a query finds. */
import type { QueryErrorList, ResourceIdentifierList, ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { explicitMembers, type Looking, type ResourceGroup, readQuery } from '#capabilities/groups/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import type { Call } from '#kernel/declare.ts'
import { type Found, findResources, type Place, placeOf, type Wanted } from './find-resources.ts'

const PAGE = 50
/** More than anybody has. */
const ALL = 1_000_000

/** Resources that a query asks for, `types` at most if there are any. Undefined: it is about a stack, and there are no stacks. */
export async function wantedByQuery(
  looking: Looking,
  query: ResourceQuery,
  types: readonly string[] = [],
): Promise<Wanted | undefined> {
  const read = readQuery(query)
  if (!read) return undefined
  const nodes = read.inventory && (await looking.inventory.nodesReporting(looking, read.inventory))
  const inQuery = (type: string) => read.types?.has(type) ?? true
  return {
    filters: read.tags,
    arns: nodes && Array.from(nodes, (id) => nodeArn(looking.scope, id)),
    ofType: ({ cloudType }) => inQuery(cloudType) && isAmong(types, cloudType),
    untagged: read.tags.length === 0,
    bare: true,
  }
}

/** The same for a group, with a query or without. */
export async function wantedByGroup(
  looking: Looking,
  group: ResourceGroup,
  types: readonly string[] = [],
): Promise<Wanted | undefined> {
  if (group.query) return wantedByQuery(looking, group.query, types)
  const arns = await explicitMembers(looking.db, group)
  return { filters: [], arns, ofType: ({ cloudType }) => isAmong(types, cloudType), untagged: true, bare: true }
}

function isAmong(types: readonly string[], type: string): boolean {
  return types.length === 0 || types.includes(type)
}

/** One page for an operation that lists resources. */
export async function listResources(
  call: Call,
  wanted: Wanted | undefined,
  limit = PAGE,
): Promise<{
  ResourceIdentifiers: ResourceIdentifierList
  QueryErrors: QueryErrorList
  NextToken: string | undefined
}> {
  if (!wanted) return { ResourceIdentifiers: [], QueryErrors: [NO_STACK], NextToken: undefined }
  const found = await findResources(call.db, call.scope, wanted, call.cursor<Place>(), limit + 1)
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  return {
    ResourceIdentifiers: page.map(({ arn, keeper }) => ({ ResourceArn: arn, ResourceType: keeper.cloudType })),
    QueryErrors: [],
    NextToken: call.nextToken(last && placeOf(last)),
  }
}

/** All of a group at once. */
export async function membersOf(looking: Looking, group: ResourceGroup): Promise<Found[]> {
  const wanted = await wantedByGroup(looking, group)
  return wanted ? findResources(looking.db, looking.scope, wanted, undefined, ALL) : []
}

const NO_STACK = {
  ErrorCode: 'CLOUDFORMATION_STACK_NOT_EXISTING',
  Message: 'The specified CloudFormation stack does not exist.',
} as const
