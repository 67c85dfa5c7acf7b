import { badRequest, type TagQuery } from '#capabilities/groups/index.ts'

/** A group may be about a stack that is there (RG-02a). There are no stacks, so its query is refused. */
export function requireStack(query: TagQuery | undefined): void {
  if (!query) throw badRequest('The query is about a CloudFormation stack that does not exist.')
}
