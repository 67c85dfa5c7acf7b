import { groupKeeper } from '#capabilities/groups/index.ts'
import { ssmKeepers, type TagKeeper } from '#capabilities/tags/index.ts'

/** Every type of resource that carries tags, in the order in which lists go through them. */
export const KEEPERS: readonly TagKeeper[] = [...ssmKeepers, groupKeeper].sort((a, b) => (a.type < b.type ? -1 : 1))

export function keeperOfType(cloudType: string): TagKeeper | undefined {
  return KEEPERS.find((keeper) => keeper.cloudType === cloudType)
}
