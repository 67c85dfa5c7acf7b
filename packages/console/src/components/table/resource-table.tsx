import { useMemo, useState } from 'react'
import { csvOf } from '../csv.ts'
import { saveFile } from '../save-file.ts'
import type { Column } from './column.ts'
import { compareTexts, matches, type TableQuery } from './table-query.ts'
import { shownColumns, useTableState } from './table-state.ts'
import { type Selection, TableView, type TableViewProps } from './table-view.tsx'

export interface ResourceTableProps<T>
  extends Omit<
    TableViewProps<T>,
    'state' | 'matching' | 'total' | 'items' | 'choices' | 'properties' | 'onDownload' | 'selection'
  > {
  /** Names the preferences in this browser and the CSV file. */
  readonly name: string
  /** Keeps two tables of one page apart in the address. */
  readonly prefix?: string
  /** All of them: searched, sorted and cut into pages here. */
  readonly items: readonly T[] | undefined
  readonly selection?: Selection<T>
  readonly searchable?: boolean
  readonly sortedBy?: TableQuery['sort']
}

/** A table of things that are all here: up to some thousands. For more, ask the server for pages and use {@link TableView}. */
export function ResourceTable<T>({ name, prefix, items, searchable = true, sortedBy, ...view }: ResourceTableProps<T>) {
  const asked = useTableState(name, prefix === undefined ? {} : { prefix })
  const { column, descending } = asked.query.sort ?? sortedBy ?? {}
  const query = useMemo(
    () => ({ ...asked.query, sort: column === undefined ? undefined : { column, descending: descending ?? false } }),
    [asked.query, column, descending],
  )
  const { columns } = view
  const found = useMemo(() => items && search(items, columns, query), [items, columns, query])
  const searched = columns.filter(({ text }) => text)
  const choices = useMemo(() => items && choicesOf(items, columns), [items, columns])
  // An address may name a page that was there when there was more.
  const lastPage = Math.max(1, Math.ceil((found?.length ?? Number.POSITIVE_INFINITY) / asked.pageSize))
  const state = { ...asked, query: { ...query, page: Math.min(query.page, lastPage) } }
  const first = (state.query.page - 1) * state.pageSize
  return (
    <TableView
      {...view}
      state={state}
      items={found?.slice(first, first + state.pageSize)}
      matching={found?.length}
      total={items?.length}
      choices={choices ?? []}
      properties={
        searchable
          ? searched.map(({ id, header }) => ({
              key: id,
              propertyLabel: header,
              groupValuesLabel: header,
              operators: [':', '!:', '=', '!=', '^', '<', '>'],
            }))
          : undefined
      }
      onDownload={found && (() => downloadCsv(name, found, columns, state))}
    />
  )
}

/** What is selected among the items that are there: what is gone is not selected any more. */
export function useSelection<T>(items: readonly T[] | undefined, idOf: (item: T) => string): Selection<T> {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const selected = useMemo(() => (items ?? []).filter((item) => ids.has(idOf(item))), [items, ids, idOf])
  return { selected, onSelect: (next) => setIds(new Set(next.map(idOf))), type: 'multi' }
}

/** Saves rows as CSV, with the columns that the person sees. */
export function downloadCsv<T>(
  name: string,
  items: readonly T[],
  columns: readonly Column<T>[],
  preferences: Parameters<typeof shownColumns>[1],
): void {
  const shown = shownColumns(columns, preferences).flatMap(({ id, visible }) => {
    const column = columns.find((one) => one.id === id)
    return visible && column?.text ? [column] : []
  })
  const rows = items.map((item) => shown.map(({ text }) => text!(item)))
  saveFile(`${name}.csv`, csvOf([shown.map(({ header }) => header), ...rows]), 'text/csv')
}

function search<T>(items: readonly T[], columns: readonly Column<T>[], query: TableQuery): T[] {
  const textsOf = (item: T) => (id: string | undefined) =>
    columns.flatMap((column) => (column.text && (id === undefined || column.id === id) ? [column.text(item)] : []))
  const found = items.filter((item) => matches(query, textsOf(item)))
  const by = columns.find(({ id }) => id === query.sort?.column)
  const key = by?.sort ?? by?.text
  if (!key) return found
  const direction = query.sort?.descending ? -1 : 1
  return found.sort((one, other) => direction * compare(key(one), key(other)))
}

function compare(one: number | string, other: number | string): number {
  return typeof one === 'number' && typeof other === 'number' ? one - other : compareTexts(String(one), String(other))
}

const CHOICES = 200

function choicesOf<T>(items: readonly T[], columns: readonly Column<T>[]) {
  return columns.flatMap(({ id, text, choices }) => {
    if (!choices || !text) return []
    const values = new Set(items.map(text))
    return [...values]
      .filter((value) => value !== '')
      .slice(0, CHOICES)
      .sort(compareTexts)
      .map((value) => ({ propertyKey: id, value }))
  })
}
