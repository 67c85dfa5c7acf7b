import type { UseQueryResult } from '@tanstack/react-query'
import { ResourceTable, type ResourceTableProps } from './resource-table.tsx'

export interface ListPanelProps<T>
  extends Omit<ResourceTableProps<T>, 'items' | 'error' | 'retry' | 'reading' | 'variant'> {
  readonly read: UseQueryResult<readonly T[], unknown>
}

/** A list on a page or in a tab, all of which is read at once. It is short: only one that says so can be searched. */
export function ListPanel<T>({ read, searchable = false, ...table }: ListPanelProps<T>) {
  return (
    <ResourceTable
      {...table}
      variant="container"
      searchable={searchable}
      items={read.data}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
    />
  )
}
