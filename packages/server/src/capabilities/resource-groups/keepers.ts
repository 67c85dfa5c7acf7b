import { busKeeper, ruleKeeper } from '#capabilities/events/index.ts'
import { groupKeeper } from '#capabilities/groups/index.ts'
import { keyKeeper } from '#capabilities/keys/index.ts'
import { logGroupKeeper } from '#capabilities/logs/index.ts'
import { bucketKeeper } from '#capabilities/objects/index.ts'
import { ssmKeepers, type TagKeeper } from '#capabilities/tags/index.ts'
import { topicKeeper } from '#capabilities/topics/index.ts'
import type { Scope } from '#kernel/scope.ts'

/** Every type of resource that carries tags, in the order in which lists go through them. */
export const KEEPERS: readonly TagKeeper[] = [
  ...ssmKeepers,
  bucketKeeper,
  busKeeper,
  groupKeeper,
  keyKeeper,
  logGroupKeeper,
  ruleKeeper,
  topicKeeper,
].sort((a, b) => (a.type < b.type ? -1 : 1))

/** Whose the resource with this ARN is; undefined if it is of no type that can be tagged here, or of another account or Region. */
export function keeperOf(scope: Scope, arn: string): { readonly keeper: TagKeeper; readonly id: string } | undefined {
  for (const keeper of KEEPERS) {
    const id = keeper.idOf(scope, arn)
    if (id !== undefined) return { keeper, id }
  }
  return undefined
}
