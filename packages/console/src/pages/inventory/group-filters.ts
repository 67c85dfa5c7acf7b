/** What a search of entries is as filters of a group. Pure. */
import type { TableQuery } from '#components/table/table-query.ts'
import type { InventoryFilter } from '#pages/groups/group-draft.ts'

const OPERATORS: Readonly<Record<string, NonNullable<InventoryFilter['Type']>>> = {
  '=': 'Equal',
  '!=': 'NotEqual',
  '^': 'BeginWith',
  '<': 'LessThan',
  '>': 'GreaterThan',
}
const FILTERS_AT_MOST = 5

/** Undefined if filters cannot say it: alternatives, parts of texts, something that is no attribute of the type, or nothing at all. */
export function groupFilters(
  type: string,
  attributes: readonly string[],
  { tokens, operation }: Pick<TableQuery, 'tokens' | 'operation'>,
): InventoryFilter[] | undefined {
  if (tokens.length === 0 || tokens.length > FILTERS_AT_MOST) return undefined
  if (operation === 'or' && tokens.length > 1) return undefined
  const filters = tokens.flatMap(({ property = '', operator, value }) => {
    const Type = OPERATORS[operator]
    return Type && attributes.includes(property) ? { Key: `${type}.${property}`, Values: [value], Type } : []
  })
  return filters.length === tokens.length ? filters : undefined
}
