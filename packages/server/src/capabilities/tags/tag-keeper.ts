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
  /** The keys of all tags; of one key, its values. Each once, in no particular order. */
  texts(reader: Reader, scope: Scope, key: string | undefined): Promise<readonly string[]>
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
  /** Tags are not wanted: of many resources they would take long. */
  readonly bare?: boolean
}

export interface TaggedResource {
  readonly id: string
  readonly arn: string
  readonly tags: readonly Tag[]
}

/** The keeper of a type of which nobody has many: `all` answers every resource. */
export function smallKeeper({
  all,
  ...rest
}: Omit<TagKeeper, 'find' | 'texts'> & {
  all(reader: Reader, scope: Scope): Promise<readonly TaggedResource[]>
}): TagKeeper {
  return {
    ...rest,
    find: async (reader, scope, search) => searched(await all(reader, scope), search),
    async texts(reader, scope, key) {
      const tags = (await all(reader, scope)).flatMap((resource) => resource.tags)
      const texts =
        key === undefined ? tags.map(({ Key }) => Key) : tags.filter(({ Key }) => Key === key).map(({ Value }) => Value)
      return [...new Set(texts)]
    },
  }
}

function searched(all: readonly TaggedResource[], search: TagSearch): TaggedResource[] {
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
