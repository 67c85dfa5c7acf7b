/** The group that a request names: by `Group`, a name or ARN, or by the older `GroupName`. */
import { badRequest, groupArn, mustFindGroup, type ResourceGroup } from '#capabilities/groups/index.ts'
import type { Access, Call } from '#kernel/declare.ts'

interface Naming {
  readonly Group?: string | undefined
  readonly GroupName?: string | undefined
}

/** What it takes to do something with the group. */
export function onGroup(action: string, { Group, GroupName }: Naming, { scope }: Pick<Call, 'scope'>): Access {
  const reference = Group ?? GroupName ?? '*'
  const resource = reference.startsWith('arn:') ? reference : groupArn(scope, reference)
  return { action: `resource-groups:${action}`, resources: [resource] }
}

/** Throws `NotFoundException`, and `BadRequestException` if the request does not say which. */
export async function namedGroup(naming: Naming, { db, scope }: Call): Promise<ResourceGroup> {
  return mustFindGroup(db, scope, referenceIn(naming))
}

function referenceIn({ Group, GroupName }: Naming): string {
  if (Group !== undefined && GroupName !== undefined)
    throw badRequest('Group and GroupName cannot be used together. Give one of them.')
  const reference = Group ?? GroupName
  if (reference === undefined) throw badRequest('The request names no group. Give Group, a name or ARN.')
  return reference
}
