import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { createStore, type Store, useStore } from '#api/store.ts'
import type { Column } from './column.ts'
import { queryFrom, type TableQuery, withQuery } from './table-query.ts'

/** How a person likes a table; kept in this browser. */
export interface TablePreferences {
  readonly pageSize: number
  readonly wrapLines: boolean
  /** Ids of columns in their order; undefined: as the page has them. */
  readonly columns?: readonly { readonly id: string; readonly visible: boolean }[] | undefined
}

export const PAGE_SIZES = [25, 50, 100, 500]

export interface TableState extends TablePreferences {
  readonly query: TableQuery
  /** Goes to the first page, unless it is the page that changes. */
  setQuery(change: Partial<TableQuery>): void
  setPreferences(preferences: TablePreferences): void
}

/** What is asked of the table `name`, from the address, and how it is liked. `prefix` keeps two tables of one page apart. */
export function useTableState(name: string, options: { prefix?: string; pageSize?: number } = {}): TableState {
  const { prefix = '', pageSize = 50 } = options
  const [search, setSearch] = useSearchParams()
  const text = search.toString()
  const query = useMemo(() => queryFrom(new URLSearchParams(text), prefix), [text, prefix])
  const store = preferencesOf(name, pageSize)
  const preferences = useStore(store)
  return {
    ...preferences,
    query,
    setQuery: (change) =>
      setSearch((last) => withQuery(last, { ...query, page: 1, ...change }, prefix), { replace: true }),
    setPreferences: (next) => store.set(next),
  }
}

const stores = new Map<string, Store<TablePreferences>>()

function preferencesOf(name: string, pageSize: number): Store<TablePreferences> {
  const known = stores.get(name)
  if (known) return known
  const key = `steward.table.${name}`
  const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<TablePreferences>
  const store = createStore<TablePreferences>({ pageSize, wrapLines: false, ...kept })
  store.subscribe(() => localStorage.setItem(key, JSON.stringify(store.get())))
  stores.set(name, store)
  return store
}

/** The columns to show, in the order that the person likes; those that came later stand at the end as the page has them. */
export function shownColumns<T>(columns: readonly Column<T>[], { columns: liked }: TablePreferences) {
  const order = [...(liked ?? []), ...columns.filter(({ id }) => !liked?.some((one) => one.id === id)).map(usual)]
  return order.filter(({ id }) => columns.some((column) => column.id === id))
}

function usual<T>({ id, hidden }: Column<T>) {
  return { id, visible: !hidden }
}
