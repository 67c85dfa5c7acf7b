/** Looks through resources of all types, page by page: type after type, within one in order of ids. */
import type { TagFilter, TaggedResource, TagKeeper } from '#capabilities/tags/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { KEEPERS } from './keepers.ts'

export interface Found extends TaggedResource {
  readonly keeper: TagKeeper
}

export interface Wanted {
  readonly filters: readonly TagFilter[]
  /** Undefined: any. */
  readonly arns?: readonly string[] | undefined
  readonly ofType: (keeper: TagKeeper) => boolean
  /** Whether what never carried a tag counts. */
  readonly untagged: boolean
  /** Tags are not wanted. */
  readonly bare?: boolean
}

/** Where a page begins: after this resource. */
export interface Place {
  readonly type: string
  readonly id: string
}

/** Up to `limit` resources, those after `place` if there is one. */
export async function findResources(
  reader: Reader,
  scope: Scope,
  { arns, ofType, ...search }: Wanted,
  place: Place | undefined,
  limit: number,
): Promise<Found[]> {
  const found: Found[] = []
  for (const keeper of KEEPERS) {
    if (found.length >= limit) break
    if (!ofType(keeper) || (place && keeper.type < place.type)) continue
    const ids = arns?.flatMap((arn) => keeper.idOf(scope, arn) ?? [])
    if (ids?.length === 0) continue
    const after = keeper.type === place?.type ? place.id : ''
    const page = await keeper.find(reader, scope, { ...search, ids, after, limit: limit - found.length })
    found.push(...page.map((resource) => ({ ...resource, keeper })))
  }
  return found
}

export function placeOf({ keeper, id }: Found): Place {
  return { type: keeper.type, id }
}
