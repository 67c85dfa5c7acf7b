import Box from '@cloudscape-design/components/box'
import { useMemo } from 'react'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { downloadCsv } from '#components/table/resource-table.tsx'
import { shownColumns, useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { inventory } from '#texts/inventory.ts'
import { queryAddress } from './addresses.ts'
import { browseQuery, NODE_COLUMNS } from './browse-query.ts'
import type { Row } from './read-inventory.ts'
import type { TypeTableProps } from './type-page.tsx'
import { mainAttributes } from './types.ts'

const { browse: texts } = inventory

/** What nodes have of a type, a row for each. The search is answered by the server, as SQL that can be taken further. */
export function NodesTable({ type: { TypeName: type, TableName, Columns }, actions, ...table }: TypeTableProps) {
  const name = `inventory-nodes-${type}`
  const state = useTableState(name)
  const columns = useMemo(() => columnsOf(type, Columns.slice(1)), [type, Columns])
  const attributes = shownColumns(columns, state).flatMap(({ id, visible }) =>
    visible && !(id in NODE_COLUMNS) ? [id] : [],
  )
  const query = browseQuery({ table: TableName, attributes, query: state.query })
  const read = useRead('server', ['inventory-nodes', query], async (signal) => {
    const { Columns, Rows, Truncated } = await steward('QueryInventory', { Query: query }, signal)
    return { rows: rowsOf(Columns, Rows, attributes), isCut: Truncated }
  })
  const rows = read.data?.rows
  const first = (state.query.page - 1) * state.pageSize
  return (
    <TableView
      {...table}
      state={state}
      title={type}
      columns={columns}
      idOf={({ place }) => String(place)}
      items={rows?.slice(first, first + state.pageSize)}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      matching={rows?.length}
      total={rows?.length}
      properties={columns.map(({ id, header }) => ({
        key: id,
        propertyLabel: header,
        groupValuesLabel: header,
        operators: [':', '!:', '=', '!=', '^', '<', '>'],
      }))}
      placeholder={texts.search(type)}
      command={shellWords('npx', 'steward', 'query', query)}
      actions={
        <>
          <ButtonLink to={queryAddress(query)}>{texts.asSql}</ButtonLink>
          {actions}
        </>
      }
      onDownload={rows && (() => downloadCsv(name, rows, columns, state))}
      footer={read.data?.isCut && <Box color="text-body-secondary">{texts.cut(read.data.rows.length)}</Box>}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

/** By place: an attribute may be called as a column of nodes is. */
function rowsOf(
  answered: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  attributes: readonly string[],
): Row[] {
  const ids = [...Object.keys(NODE_COLUMNS), ...attributes]
  return rows.map((row, place) => ({
    place,
    values: Object.fromEntries(ids.map((id, index) => [id, row[answered[index] ?? ''] ?? ''])),
  }))
}

function columnsOf(type: string, all: readonly string[]): Column<Row>[] {
  const main = mainAttributes(type, all)
  const attributes = [...main, ...all.filter((name) => !main.includes(name))]
  return [
    {
      id: 'node_name',
      header: texts.node,
      cell: ({ values }) => (
        <ConsoleLink to={`/nodes/${values.node_id}?tab=inventory`}>{values.node_name || values.node_id}</ConsoleLink>
      ),
      text: ({ values }) => values.node_name ?? '',
      rowHeader: true,
      width: 220,
    },
    {
      id: 'node_id',
      header: texts.nodeId,
      cell: ({ values }) => <span className="st-mono">{values.node_id}</span>,
      text: ({ values }) => values.node_id ?? '',
      width: 210,
    },
    ...attributes.map(
      (name): Column<Row> => ({
        id: name,
        header: name,
        cell: ({ values }) => values[name] || '–',
        text: ({ values }) => values[name] ?? '',
        hidden: !main.includes(name),
        width: 200,
      }),
    ),
  ]
}
