/** What queries of groups say: the JSON text of `ResourceQuery.Query`. Pure. */
import type { ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import type { TagFilter } from '#capabilities/tags/index.ts'
import { badQuery } from './errors.ts'
import { ALL_SUPPORTED, isKnownType, MANAGED_NODE } from './resource-types.ts'

/** What the members of a group are: of one of the types (of any, if undefined), with all of the tags. */
export interface MemberQuery {
  readonly types: ReadonlySet<string> | undefined
  readonly tags: readonly TagFilter[]
  /** Only nodes of which the inventory says this. What the filters mean is for the inventory to judge. */
  readonly inventory?: readonly InventoryFilter[]
}

/** The type of queries by inventory, which is ours (RG-15). */
export const INVENTORY_QUERY = 'STEWARD_INVENTORY_1_0'

/** What a query asks for; undefined for that of a stack, which is known by its id only. Throws `BadRequestException`. */
export function readQuery({ Type, Query }: ResourceQuery): MemberQuery | undefined {
  const query = jsonObject(Query)
  if (Type === 'TAG_FILTERS_1_0') {
    allowOnly(query, ['ResourceTypeFilters', 'TagFilters'])
    if (Object.keys(query).length === 0) throw badQuery('it has neither ResourceTypeFilters nor TagFilters.')
    return { types: typesOf(query.ResourceTypeFilters), tags: tagsOf(query.TagFilters ?? []) }
  }
  if (Type === INVENTORY_QUERY) {
    allowOnly(query, ['ResourceTypeFilters', 'TagFilters', 'InventoryFilters'])
    return {
      types: onlyNodes(query.ResourceTypeFilters),
      tags: tagsOf(query.TagFilters ?? []),
      inventory: inventoryOf(query.InventoryFilters),
    }
  }
  allowOnly(query, ['ResourceTypeFilters', 'StackIdentifier'])
  typesOf(query.ResourceTypeFilters)
  if (!isText(query.StackIdentifier)) throw badQuery('StackIdentifier is required.')
  return undefined
}

/** The types as a query names them, `AWS::AllSupported` not spelled out. */
export function typesNamed({ Type, Query }: ResourceQuery): readonly string[] {
  const { ResourceTypeFilters = [Type === INVENTORY_QUERY ? MANAGED_NODE : ALL_SUPPORTED] } = jsonObject(Query)
  return ResourceTypeFilters as readonly string[]
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Said below, as for any other text that is no object.
  }
  throw badQuery('it is not a JSON object.')
}

function typesOf(value: unknown = [ALL_SUPPORTED]): ReadonlySet<string> | undefined {
  if (!isTextList(value) || value.length === 0) throw badQuery('ResourceTypeFilters must be a list of resource types.')
  const types = new Set(value)
  if (types.size < value.length) throw badQuery('ResourceTypeFilters has a resource type twice.')
  const unknown = value.find((type) => !isKnownType(type))
  if (unknown !== undefined) throw badQuery(`the resource type ${unknown} is not supported.`)
  return types.has(ALL_SUPPORTED) ? undefined : types
}

function onlyNodes(value: unknown = [MANAGED_NODE]): ReadonlySet<string> {
  const types = typesOf(value)
  if (types?.size !== 1 || !types.has(MANAGED_NODE))
    throw badQuery(`only nodes have an inventory, so ResourceTypeFilters is left out or has ${MANAGED_NODE} alone.`)
  return types
}

function inventoryOf(value: unknown): readonly InventoryFilter[] {
  if (!Array.isArray(value)) throw badQuery('InventoryFilters must be a list of filters as GetInventory takes them.')
  for (const one of value) if (isObject(one)) allowOnly(one, ['Key', 'Values', 'Type'])
  return value
}

/** Of filters with the same key the last one counts (RG-16). */
function tagsOf(value: unknown): TagFilter[] {
  if (!Array.isArray(value)) throw badQuery('TagFilters must be a list.')
  const filters = value.map((one) => tagFilter(one))
  return [...new Map(filters.map((filter) => [keyOf(filter), filter])).values()]
}

function tagFilter(value: unknown): TagFilter {
  if (!isObject(value)) throw badQuery('a tag filter must have a Key.')
  allowOnly(value, ['Key', 'Values'])
  const { Key, Values = [] } = value
  if (!isText(Key) || Key.length > 128) throw badQuery('a tag filter must have a Key of 1 to 128 characters.')
  if (!isTextList(Values) || Values.some((text) => text.length > 256))
    throw badQuery(`the Values of the tag ${Key} must be a list of texts of at most 256 characters.`)
  return Values.length === 0 ? { keys: [Key] } : { key: Key, values: Values }
}

function keyOf(filter: TagFilter): string {
  return 'keys' in filter ? filter.keys[0]! : filter.key
}

function allowOnly(object: Record<string, unknown>, names: readonly string[]): void {
  const odd = Object.keys(object).find((name) => !names.includes(name))
  if (odd !== undefined) throw badQuery(`it has no member ${odd}. Known: ${names.join(', ')}.`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
