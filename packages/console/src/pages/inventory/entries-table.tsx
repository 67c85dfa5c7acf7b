import { useMemo } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { inventory } from '#texts/inventory.ts'
import { typeAddress } from './addresses.ts'
import { aggregatorsOf, type Entry, useCounts } from './read-inventory.ts'
import type { TypeTableProps } from './type-page.tsx'
import { mainAttributes } from './types.ts'

const { browse: texts } = inventory

/** Each thing of a type once, with the number of nodes that have it; the most frequent first. */
export function EntriesTable({ type: { TypeName: type, Columns, Entries }, ...table }: TypeTableProps) {
  const attributes = useMemo(() => mainAttributes(type, Columns.slice(1)), [type, Columns])
  const columns = useMemo(() => columnsOf(type, attributes), [type, attributes])
  const read = useCounts(type, attributes, true)
  const none = attributes.length === 0 ? [] : undefined
  return (
    <ResourceTable
      {...table}
      name={`inventory-${type}`}
      title={type}
      columns={columns}
      idOf={(entry) => JSON.stringify(attributes.map((name) => attributeOf(type, entry, name)))}
      items={read.data ?? none}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      sortedBy={{ column: NODES, descending: true }}
      placeholder={texts.search(type)}
      command={shellWords(
        ...['aws', 'ssm', 'get-inventory', '--aggregators', JSON.stringify(aggregatorsOf(type, attributes))],
      )}
      empty={
        Entries > 0 ? (
          <Empty title={texts.partial}>{texts.partialBody}</Empty>
        ) : (
          <Empty title={texts.empty}>{texts.emptyBody}</Empty>
        )
      }
    />
  )
}

const NODES = 'nodes of it'

/** Answers call the number of nodes `Count`; an attribute that is called so too stands under its whole name. */
function attributeOf(type: string, entry: Entry, attribute: string): string {
  return entry[attribute === 'Count' ? `${type}.Count` : attribute] ?? ''
}

function columnsOf(type: string, attributes: readonly string[]): Column<Entry>[] {
  const tokens = (entry: Entry) =>
    attributes.map((property) => ({ property, operator: '=', value: attributeOf(type, entry, property) }))
  return [
    {
      id: NODES,
      header: texts.nodes,
      cell: (entry) => (
        <ConsoleLink to={typeAddress(type, 'node', tokens(entry))}>
          {Number(entry.Count).toLocaleString('en')}
        </ConsoleLink>
      ),
      text: (entry) => entry.Count ?? '',
      sort: (entry) => Number(entry.Count),
      number: true,
      width: 110,
    },
    ...attributes.map(
      (name, index): Column<Entry> => ({
        id: name,
        header: name,
        cell: (entry) => attributeOf(type, entry, name) || '–',
        text: (entry) => attributeOf(type, entry, name),
        choices: index > 0,
        rowHeader: index === 0,
        width: index === 0 ? 280 : 200,
      }),
    ),
  ]
}
