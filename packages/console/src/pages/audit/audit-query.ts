/** What the audit page is asked for: from the address to the API's words and those of the command line. */
import type { SearchAuditRecordsRequest } from '@steward/model/generated/steward.ts'
import type { Wire } from '#api/wire.ts'
import { shellWords } from '#components/shell-words.ts'
import { stewardCall } from '#components/steward-call.ts'
import type { TableQuery, Token } from '#components/table/table-query.ts'

export const VIEWS = ['changes', 'refused', 'all'] as const
export type View = (typeof VIEWS)[number]

/** A time range as the address holds it: `last=12h`, or `from` and `to`. */
export interface Range {
  readonly last?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface AuditQuery {
  readonly view: View
  readonly range: Range
  readonly tokens: readonly Token[]
  readonly oldestFirst: boolean
}

/** The order while none is chosen. */
export const NEWEST_FIRST = { column: 'time', descending: true } as const

type Input = Omit<Wire<SearchAuditRecordsRequest>, 'NextToken' | 'MaxResults'>

export function auditQuery(search: URLSearchParams, { tokens, sort }: Pick<TableQuery, 'tokens' | 'sort'>): AuditQuery {
  const view = VIEWS.find((one) => one === search.get('view')) ?? 'changes'
  const of = (name: string) => search.get(name) ?? undefined
  const range = { last: of('last'), from: of('from'), to: of('to') }
  return { view, range, tokens, oldestFirst: sort?.descending === false }
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 }

/** Seconds of `90m`, `12h`, `7d`; undefined if it is none of these. */
export function secondsOf(last: string): number | undefined {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(last) ?? []
  return amount === undefined ? undefined : Number(amount) * UNITS[unit!]!
}

/** `now` in epoch milliseconds. */
export function toInput({ view, range, tokens, oldestFirst }: AuditQuery, now: number): Input {
  const one = (property: string) => tokens.findLast((token) => token.property === property)?.value
  const some = (property: string) => {
    const values = tokens.filter((token) => token.property === property).map(({ value }) => value)
    return values.length > 0 ? values : undefined
  }
  const words = tokens.filter(({ property }) => property === undefined).map(({ value }) => value)
  const seconds = range.last && secondsOf(range.last)
  const outcomes = some('outcome') ?? (view === 'refused' ? ['Denied', 'Failed'] : undefined)
  return {
    Text: words.length > 0 ? words.join(' ') : undefined,
    Principal: one('principal'),
    Actions: some('action'),
    Services: some('service'),
    Resource: one('resource'),
    Outcomes: outcomes as Input['Outcomes'],
    SourceIpAddress: one('ip'),
    AccessKeyId: one('key'),
    RequestId: one('request'),
    ChangesOnly: view === 'changes' ? true : undefined,
    StartTime: seconds ? now / 1000 - seconds : epochSeconds(range.from),
    EndTime: seconds ? undefined : epochSeconds(range.to),
    SortOrder: oldestFirst ? 'Ascending' : undefined,
  }
}

function epochSeconds(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : at / 1000
}

/** The same search from a terminal; what the command has no option for, `grep` finds. It knows the newest first only. */
export function toCommand(query: AuditQuery, now: number): string {
  if (query.oldestFirst) return stewardCall('SearchAuditRecords', toInput(query, now))
  const input = toInput(query, now)
  const command = shellWords(
    ...['npx', 'steward', 'audit', 'search'],
    ...option('--name', input.Actions?.[0]?.replace(/^.*:/, '')),
    ...option('--user', input.Principal),
    ...option('--resource', input.Resource),
    ...option('--key', input.AccessKeyId),
    ...option('--source', input.Services?.[0]),
    input.ChangesOnly && '--writes',
    query.view === 'refused' && '--failed',
    ...option('--since', query.range.last ?? query.range.from),
  )
  const words = [...(input.Text?.split(' ') ?? []), input.SourceIpAddress, input.RequestId].filter(Boolean)
  const greps = words.map((word) => ` | ${shellWords('grep', '-i', '--', word)}`)
  return greps.length > 0 ? `${command} --json${greps.join('')}` : command
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value]
}
