/** What the list of parameters is asked for: from the address to the API's words and those of the command line. */
import type { SearchParametersRequest } from '@steward/model/generated/steward.ts'
import type { Wire } from '#api/wire.ts'
import { shellWords } from '#components/shell-words.ts'
import type { TableQuery, Token } from '#components/table/table-query.ts'
import { isPublic } from './paths.ts'

type Input = Wire<SearchParametersRequest>
type Filter = NonNullable<Input['ParameterFilters']>[number]

export interface ListQuery {
  readonly path: string
  /** Level by level, unless something is searched for: then whatever lies below. */
  readonly byLevel: boolean
  readonly query: TableQuery
}

/** The beginning of a search; `Skip` and `MaxResults` say which page of it. */
export function toInput({ path, byLevel, query }: ListQuery): Input {
  const { tokens, sort } = query
  const words = tokens.filter(({ property }) => property === undefined).map(({ value }) => value)
  return {
    Path: path,
    Recursive: !byLevel || tokens.length > 0,
    Query: words.join(' '),
    ParameterFilters: filtersOf(tokens),
    ...(sort && { SortBy: sort.column as NonNullable<Input['SortBy']> }),
    SortOrder: sort?.descending ? 'Descending' : 'Ascending',
  }
}

const OPTIONS: Readonly<Record<string, string>> = { '=': 'Equals', '^': 'BeginsWith', ':': 'Contains' }

/** A filter for each property; several values of one are alternatives. */
function filtersOf(tokens: readonly Token[]): Filter[] {
  const filters = new Map<string, Filter>()
  for (const { property, operator, value } of tokens) {
    if (property === undefined) continue
    const [key, given] = property === 'tag' ? tagOf(value) : [property, value]
    const known = filters.get(key)?.Values ?? []
    const Values = given === undefined ? known : [...known, given]
    filters.set(key, { Key: key, Option: OPTIONS[operator] ?? 'Equals', ...(Values.length > 0 && { Values }) })
  }
  return [...filters.values()]
}

/** `env=prod`, or `env` for any value. */
function tagOf(text: string): [key: string, value: string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [`tag:${text}`, undefined] : [`tag:${text.slice(0, at)}`, text.slice(at + 1)]
}

/** The same with AWS's own words, which know neither descriptions nor an order. */
export function toCommand(input: Input): string {
  const { Path = '/', Recursive, Query, ParameterFilters = [] } = input
  if (isPublic(Path))
    return shellWords('aws', 'ssm', 'get-parameters-by-path', '--path', Path, Recursive && '--recursive')
  const path = { Key: 'Path', Option: Recursive ? 'Recursive' : 'OneLevel', Values: [Path] }
  const words = Query ? [{ Key: 'Name', Option: 'Contains', Values: Query.split(' ') }] : []
  const filters = [...(Path === '/' && Recursive ? [] : [path]), ...words, ...ParameterFilters]
  const asWords = filters.map(({ Key, Option, Values }) =>
    [`Key=${Key}`, `Option=${Option}`, ...(Values ? [`Values=${Values.join(',')}`] : [])].join(','),
  )
  return shellWords('aws', 'ssm', 'describe-parameters', asWords.length > 0 && '--parameter-filters', ...asWords)
}
