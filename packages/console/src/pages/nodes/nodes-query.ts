/** What the address of the page asks for, as a call of the API and as words for a terminal. */
import type { steward as model } from '@steward/model'
import type { Wire } from '#api/wire.ts'
import { shellWords } from '#components/shell-words.ts'
import { stewardCall } from '#components/steward-call.ts'
import type { TableQuery, Token } from '#components/table/table-query.ts'
import { nodes } from '#texts/nodes.ts'

export type FleetNode = Wire<model.FleetNode>
export type SearchInput = Wire<model.SearchNodesRequest>
type Filter = Wire<model.NodeSearchFilter>

const TYPES: Readonly<Record<string, Filter['Type']>> = {
  '=': 'Equal',
  '!=': 'NotEqual',
  ':': 'Contains',
  '^': 'BeginWith',
  '<': 'LessThan',
  '>': 'GreaterThan',
}

/** The filters, words and order of a query, without its page. */
export function searchInput({ tokens, sort }: TableQuery): SearchInput {
  const words = tokens.filter(({ property }) => property === undefined).map(({ value }) => value)
  const filters = tokens.flatMap((token) => toFilter(token) ?? [])
  return {
    ...(words.length > 0 && { Query: words.join(' ') }),
    ...(filters.length > 0 && { Filters: filters }),
    ...(sort && { SortBy: sort.column, SortOrder: sort.descending ? 'Descending' : 'Ascending' }),
  }
}

function toFilter({ property, operator, value }: Token): Filter | undefined {
  if (property === undefined) return undefined
  if (value === nodes.noValue) return { Key: property, Type: operator.startsWith('!') ? 'Exists' : 'NotExists' }
  return { Key: property, Type: TYPES[operator] ?? 'Equal', Values: [value] }
}

/** How DescribeInstanceInformation calls what it can filter by. */
const AWS_KEYS: Readonly<Record<string, string>> = {
  ActivationId: 'ActivationIds',
  AgentVersion: 'AgentVersion',
  IamRole: 'IamRole',
  InstanceId: 'InstanceIds',
  PingStatus: 'PingStatus',
  PlatformType: 'PlatformTypes',
}

/** The same list from a terminal: with the AWS CLI where that can say it, else as a call of our own operation. */
export function listCommand(input: SearchInput): string {
  const { Query, Filters = [], SortBy } = input
  const aws = Filters.map(({ Key = '', Type, Values = [] }) => {
    const key = Key.startsWith('tag:') ? Key : AWS_KEYS[Key]
    return key && Type === 'Equal' ? `Key=${key},Values=${Values.join(',')}` : undefined
  })
  const tagged = Filters.filter(({ Key = '' }) => Key.startsWith('tag:')).length
  const mixed = tagged > 0 && tagged < Filters.length
  if (Query || SortBy || mixed || aws.includes(undefined)) return stewardCall('SearchNodes', input)
  return shellWords('aws', 'ssm', 'describe-instance-information', aws.length > 0 && '--filters', ...aws)
}

/** The tags, written `key=value`, if the query is made of nothing else, each once; so a command can be given them as targets. */
export function onlyTags({ tokens }: TableQuery): string[] | undefined {
  const keys = tokens.map(({ property = '' }) => property)
  const plain = tokens.every(
    ({ property = '', operator, value }) => property.startsWith('tag:') && operator === '=' && value !== nodes.noValue,
  )
  if (tokens.length === 0 || !plain || new Set(keys).size < keys.length) return undefined
  return tokens.map(({ property = '', value }) => `${property.slice('tag:'.length)}=${value}`)
}
