import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import Select from '@cloudscape-design/components/select'
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { type Reader, readersOf } from './readers.ts'

const DAY_MS = 86_400_000
const DAYS = [1, 7, 30, 90, 365]

/** Who was given the value, and whether anybody was. */
export function ReadersTab({ parameter: { Name = '', ARN = '', Type } }: { parameter: ParameterMetadata }) {
  const [search, setSearch] = useSearchParams()
  const days = DAYS.find((each) => String(each) === search.get('days')) ?? 30
  const read = useRead('parameters', ['readers', ARN, days], (signal) =>
    readersOf(ARN, Type === 'SecureString', new Date(Date.now() - days * DAY_MS), signal),
  )
  const options = useMemo(() => DAYS.map((each) => ({ value: String(each), label: texts.readers.days(each) })), [])
  return (
    <ResourceTable
      name="parameter-readers"
      variant="container"
      title={texts.readers.title}
      description={read.data?.isCut ? texts.readers.cut : texts.readers.hint}
      columns={columns}
      idOf={({ arn }) => arn}
      items={read.data?.readers}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      searchable={false}
      command={shellWords('npx', 'steward', 'params', 'readers', Name, '--since', `${days}d`)}
      empty={<Empty title={texts.readers.none(days)}>{texts.readers.unused}</Empty>}
      actions={
        <>
          <ButtonLink to={`/audit?${new URLSearchParams({ view: 'all', f: `resource~=~${ARN}` })}`}>
            {texts.readers.all}
          </ButtonLink>
          <Select
            selectedOption={options.find(({ value }) => value === String(days))!}
            options={options}
            ariaLabel={texts.readers.since}
            onChange={({ detail }) =>
              setSearch(
                (last) => {
                  const next = new URLSearchParams(last)
                  next.set('days', detail.selectedOption.value!)
                  return next
                },
                { replace: true },
              )
            }
          />
        </>
      }
    />
  )
}

const { columns: names } = texts.readers

const columns: readonly Column<Reader>[] = [
  {
    id: 'who',
    header: names.who,
    cell: ({ name, arn }) => <span title={arn}>{name}</span>,
    text: ({ arn }) => arn,
    rowHeader: true,
    width: 180,
  },
  {
    id: 'reads',
    header: names.reads,
    cell: ({ reads }) => reads.toLocaleString('en'),
    text: ({ reads }) => String(reads),
    sort: ({ reads }) => reads,
    number: true,
    width: 110,
  },
  {
    id: 'last',
    header: names.last,
    cell: ({ last, eventId }) => (
      <ConsoleLink to={`/audit/${encodeURIComponent(eventId)}`}>
        <Time at={last} />
      </ConsoleLink>
    ),
    text: ({ last }) => last.toISOString(),
    width: 270,
  },
  { id: 'how', header: names.how, cell: ({ how }) => how.join(', '), text: ({ how }) => how.join(' '), width: 330 },
  { id: 'from', header: names.from, cell: ({ from }) => from.join(', '), text: ({ from }) => from.join(' ') },
]
