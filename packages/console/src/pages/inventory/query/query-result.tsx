import { useMemo } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { durationText } from '#components/time.tsx'
import { queryTexts as texts } from '#texts/inventory-query.ts'
import type { Row } from '../read-inventory.ts'
import type { Answer } from './query-page.tsx'

/** The rows of an answer, how long it took, and whether there are more. */
export function QueryResult({ answer: { Columns, Rows, Truncated, Milliseconds } }: { answer: Answer }) {
  const items = useMemo(() => Rows.map((values, place): Row => ({ place, values })), [Rows])
  const columns = useMemo(() => Columns.map((name, index) => columnOf(name, items, index === 0)), [Columns, items])
  const said = [texts.took(durationText(Milliseconds)), Truncated && texts.cut(Rows.length)].filter(Boolean)
  return (
    <ResourceTable
      key={Columns.join()}
      name="inventory-query"
      prefix="r-"
      variant="container"
      title={texts.result}
      description={said.join(' ')}
      columns={columns}
      idOf={({ place }) => String(place)}
      items={items}
      empty={<Empty title={texts.none}>{texts.noneBody}</Empty>}
    />
  )
}

const NODE_ID = /^mi-[0-9a-f]{17}$|^i-[0-9a-f]{8,17}$/
const NUMBER = /^-?\d+(?:\.\d+)?$/
const FEW = 50

/** A column for each attribute that rows have, in the order in which they first come. */
export function valueColumns<R extends Row>(rows: readonly R[]): Column<R>[] {
  const names = new Set(rows.flatMap(({ values }) => Object.keys(values)))
  return [...names].map((name) => columnOf(name, rows))
}

function columnOf<R extends Row>(name: string, rows: readonly R[], rowHeader = false): Column<R> {
  const values = rows.slice(0, FEW).flatMap(({ values }) => values[name] ?? [])
  const number = values.length > 0 && values.every((value) => NUMBER.test(value))
  return {
    id: name,
    header: name,
    cell: ({ values }) => cellOf(values[name]),
    text: ({ values }) => values[name] ?? '',
    ...(number && { sort: ({ values }: R) => Number(values[name] ?? Number.NEGATIVE_INFINITY) }),
    number,
    rowHeader,
    width: widthFor(name, values),
  }
}

/** Wide enough for what is in it, within limits; the heading has a mark for sorting. */
function widthFor(heading: string, values: readonly string[]): number {
  const characters = Math.max(heading.length + 4, ...values.map((value) => value.length + 2))
  return Math.min(420, Math.max(90, characters * 9 + 20))
}

function cellOf(value: string | undefined) {
  if (value === undefined) return '–'
  return NODE_ID.test(value) ? <ConsoleLink to={`/nodes/${value}`}>{value}</ConsoleLink> : value
}
