import type { InventoryFilter } from './group-draft.ts'

/** The form of a group by these filters. */
export function newGroupBy(filters: readonly InventoryFilter[]): string {
  return `/groups/new?${new URLSearchParams({ inventory: JSON.stringify(filters) })}`
}

/** The address of a group: people choose its name, so it stands in the query. */
export function groupPage(name: string, page: 'show' | 'edit' = 'show'): string {
  return `/groups/${page}?${new URLSearchParams({ name })}`
}
