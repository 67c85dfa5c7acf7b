/** Where pages of the inventory are. */
import { queryFrom, type Token, withQuery } from '#components/table/table-query.ts'

export type View = 'entry' | 'node'

/** The page of a type; with tokens, of the entries that they mean. */
export function typeAddress(type: string, view: View = 'entry', tokens: readonly Token[] = []): string {
  const search = new URLSearchParams({ type, ...(view === 'node' && { by: 'node' }) })
  return `/inventory/show?${withQuery(search, { ...queryFrom(search), tokens })}`
}

export function queryAddress(query: string): string {
  return `/inventory/query?${new URLSearchParams({ q: query })}`
}

/** The form of an association with which nodes report. */
export const COLLECT = `/associations/new?${new URLSearchParams({ document: 'AWS-GatherSoftwareInventory' })}`
