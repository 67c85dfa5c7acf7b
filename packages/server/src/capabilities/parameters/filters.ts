/** What lists of parameters may be filtered by, and how (PS-09, PS-10). */
import type { ParameterStringFilter, ParametersFilter } from '@steward/model/generated/ssm.ts'
import type { TagFilter } from '#capabilities/tags/index.ts'
import {
  badFilterOption,
  badFilterValue,
  badPath,
  missingFilterValues,
  oneLabelOnly,
  repeatedFilterKey,
  reservedPath,
  twoKindsOfFilters,
  unknownFilterKey,
} from './errors.ts'
import { isPublic, keyOf, parsePath } from './name.ts'
import type { ColumnFilter, ParameterFilters, PathFilter } from './store.ts'

const TYPES = ['String', 'StringList', 'SecureString']
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering']
const COLUMNS: Readonly<Record<string, ColumnFilter['column']>> = {
  Name: 'key',
  Type: 'type',
  KeyId: 'key_id',
  Tier: 'tier',
  DataType: 'data_type',
}

/** The filters of `DescribeParameters`. Throws AWS's errors. */
export function describeFilters(
  filters: readonly ParametersFilter[] = [],
  parameterFilters: readonly ParameterStringFilter[] = [],
): ParameterFilters {
  if (filters.length > 0 && parameterFilters.length > 0) throw twoKindsOfFilters()
  if (filters.length > 0) return legacyFilters(filters)
  for (const { Key } of parameterFilters) {
    if (Key === 'Label') throw unknownFilterKey(Key, ['Path', 'Name', 'Type', 'KeyId', 'Tier'])
  }
  return toFilters(parameterFilters)
}

/** The filters of `GetParametersByPath`. Throws AWS's errors. */
export function byPathFilters(filters: readonly ParameterStringFilter[] = []): ParameterFilters {
  for (const { Key } of filters) {
    if (['Name', 'Path', 'Tier', 'DataType'].includes(Key)) throw unknownFilterKey(Key, ['Type', 'KeyId'])
  }
  return toFilters(filters)
}

/** The older kind: names by their beginning, the rest as a whole. */
function legacyFilters(filters: readonly ParametersFilter[]): ParameterFilters {
  const columns = filters.map(({ Key, Values }): ColumnFilter => {
    const how = Key === 'Name' ? 'begins' : 'equals'
    return { column: COLUMNS[Key]!, how, values: Key === 'Name' ? Values.map(keyOf) : Values }
  })
  return { columns, tags: [] }
}

function toFilters(filters: readonly ParameterStringFilter[]): ParameterFilters {
  const seen = new Set<string>()
  const columns: ColumnFilter[] = []
  const tags: TagFilter[] = []
  let paths: PathFilter[] | undefined
  let label: string | undefined
  for (const filter of filters) {
    const { Key } = filter
    if (seen.has(Key)) throw repeatedFilterKey(Key)
    seen.add(Key)
    if (Key.startsWith('tag:')) tags.push(tagFilter(filter))
    else if (Key === 'Path') paths = pathFilters(filter)
    else if (Key === 'Label') label = labelFilter(filter)
    else columns.push(columnFilter(filter))
  }
  return { columns, tags, ...(paths ? { paths } : {}), label }
}

function columnFilter({ Key, Option = 'Equals', Values = [] }: ParameterStringFilter): ColumnFilter {
  if (Values.length === 0) throw missingFilterValues(Key)
  const options: Record<string, ColumnFilter['how']> = { BeginsWith: 'begins', Equals: 'equals' }
  const how = Key === 'Name' && Option === 'Contains' ? 'contains' : options[Option]
  if (!how) throw badFilterOption(Option, ['BeginsWith', 'Equals'])
  const allowed = Key === 'Type' ? TYPES : Key === 'Tier' ? TIERS : undefined
  const wrong = allowed && how === 'equals' && Values.find((value) => !allowed.includes(value))
  if (wrong) throw badFilterValue(wrong, allowed)
  return { column: COLUMNS[Key]!, how, values: Key === 'Name' && how !== 'contains' ? Values.map(keyOf) : Values }
}

/** Without values: carries the tag at all. */
function tagFilter({ Key, Option = 'Equals', Values = [] }: ParameterStringFilter): TagFilter {
  const key = Key.slice('tag:'.length)
  if (Option === 'BeginsWith' && Values.length > 0) return { key, beginnings: Values }
  if (Option !== 'Equals') throw badFilterOption(Option, ['BeginsWith', 'Equals'])
  return Values.length === 0 ? { keys: [key] } : { key, values: Values }
}

function pathFilters({ Key, Option = 'OneLevel', Values = [] }: ParameterStringFilter): PathFilter[] {
  if (Values.length === 0) throw missingFilterValues(Key)
  if (Option !== 'Recursive' && Option !== 'OneLevel') throw badFilterOption(Option, ['Recursive', 'OneLevel'])
  return Values.map((value) => {
    if (/^\/(?:aws|ssm)/i.test(value) && !isPublic(`${value}/`)) throw reservedPath()
    if (!value.startsWith('/')) throw badPath()
    return { path: parsePath(value), recursive: Option === 'Recursive' }
  })
}

function labelFilter({ Option = 'Equals', Values = [] }: ParameterStringFilter): string {
  if (Option !== 'Equals') throw badFilterOption(Option, ['Equals'])
  if (Values.length === 0) throw missingFilterValues('Label')
  if (Values.length > 1) throw oneLabelOnly()
  return Values[0]!
}
