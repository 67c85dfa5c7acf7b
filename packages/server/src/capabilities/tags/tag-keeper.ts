/** One type of resources that carry tags, for those who look at the tags of everything: groups and the tagging API. */
import type { Tag } from '@steward/model/generated/ssm.ts'
import type { Reader, Tx } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { TagFilter } from './tag.ts'

export interface TagKeeper {
  /** As the tagging API names the type: `ssm:parameter`. */
  readonly type: string
  /** As queries of groups do: `AWS::SSM::Parameter`. */
  readonly cloudType: string
  /** The actions that changing tags takes, on the resource. */
  readonly tagging: string
  readonly untagging: string
  /** The id of the resource that an ARN of this account and Region names; undefined if that is of another type. */
  idOf(scope: Scope, arn: string): string | undefined
  /** What the search finds, in order of ids. */
  find(reader: Reader, scope: Scope, search: TagSearch): Promise<TaggedResource[]>
  /** Throws the error of its service for tags that the resource cannot carry, or if it is not there. */
  put(tx: Tx, scope: Scope, id: string, tags: readonly Tag[]): Promise<void>
  /** Keys that are not there are no fault. */
  remove(tx: Tx, scope: Scope, id: string, keys: readonly string[]): Promise<void>
}

export interface TagSearch {
  readonly filters: readonly TagFilter[]
  /** Undefined: any. */
  readonly ids?: readonly string[] | undefined
  /** Whether what never carried a tag counts. */
  readonly untagged: boolean
  /** Empty: from the first on. */
  readonly after: string
  readonly limit: number
}

export interface TaggedResource {
  readonly id: string
  readonly arn: string
  readonly tags: readonly Tag[]
}

/** Resources of one keeper, all of them at once: for types of which nobody has many. */
export function searched(all: readonly TaggedResource[], search: TagSearch): TaggedResource[] {
  const { filters, ids, untagged, after, limit } = search
  return all
    .filter(({ id, tags }) => id > after && (ids?.includes(id) ?? true) && (untagged || tags.length > 0))
    .filter(({ tags }) => filters.every((filter) => satisfies(tags, filter)))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

function satisfies(tags: readonly Tag[], filter: TagFilter): boolean {
  if ('keys' in filter) return tags.some(({ Key }) => filter.keys.includes(Key))
  const value = tags.find(({ Key }) => Key === filter.key)?.Value
  if (value === undefined) return false
  return 'values' in filter
    ? filter.values.includes(value)
    : filter.beginnings.some((beginning) => value.startsWith(beginning))
}
