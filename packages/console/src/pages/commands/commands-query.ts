/** What the list of commands is asked for: from the address to the API's words and those of the command line. */
import type { SearchCommandsRequest } from '@steward/model/generated/steward.ts'
import type { Wire } from '#api/wire.ts'
import { shellWords } from '#components/shell-words.ts'
import type { TableQuery } from '#components/table/table-query.ts'

export const VIEWS = ['all', 'open', 'failed'] as const
export type View = (typeof VIEWS)[number]

export type SearchInput = Omit<Wire<SearchCommandsRequest>, 'NextToken' | 'MaxResults' | 'Skip'>

const STATES: Readonly<Record<View, SearchInput['Statuses']>> = {
  all: undefined,
  open: ['Pending', 'InProgress', 'Cancelling'],
  failed: ['Failed', 'TimedOut', 'Incomplete'],
}

const ORDERS: Readonly<Record<string, SearchInput['SortBy']>> = {
  document: 'DocumentName',
  status: 'Status',
  requested: 'Requested',
  done: 'Targets',
  errors: 'Errors',
}

export function viewFrom(search: URLSearchParams): View {
  return VIEWS.find((view) => view === search.get('view')) ?? 'all'
}

export function toInput(view: View, { tokens, sort }: TableQuery): SearchInput {
  const some = (property: string | undefined) => {
    const values = tokens.filter((token) => token.property === property).map(({ value }) => value)
    return values.length > 0 ? values : undefined
  }
  return {
    Texts: some(undefined)?.slice(0, 5),
    Statuses: (some('status') as SearchInput['Statuses']) ?? STATES[view],
    DocumentNames: some('document'),
    InstanceId: some('node')?.at(-1),
    RequestedAfter: seconds(some('after')?.at(-1)),
    RequestedBefore: seconds(some('before')?.at(-1)),
    SortBy: sort && ORDERS[sort.column],
    SortOrder: sort && (sort.descending ? 'Descending' : 'Ascending'),
  }
}

function seconds(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(time) ? undefined : time / 1000
}

/** The nearest that the AWS CLI has. */
export function toCommand({
  Statuses,
  DocumentNames,
  InstanceId,
  RequestedAfter,
  RequestedBefore,
}: SearchInput): string {
  const filters = [
    Statuses?.length === 1 && `key=Status,value=${Statuses[0]}`,
    DocumentNames?.length === 1 && `key=DocumentName,value=${DocumentNames[0]}`,
    RequestedAfter !== undefined && `key=InvokedAfter,value=${iso(RequestedAfter)}`,
    RequestedBefore !== undefined && `key=InvokedBefore,value=${iso(RequestedBefore)}`,
  ].filter((filter) => filter !== false)
  return shellWords(
    ...['aws', 'ssm', 'list-commands'],
    ...(InstanceId ? ['--instance-id', InstanceId] : []),
    ...(filters.length > 0 ? ['--filters', ...filters] : []),
  )
}

function iso(time: number): string {
  return new Date(time * 1000).toISOString()
}
