/** The address of a group: people choose its name, so it stands in the query. */
export function groupPage(name: string, page: 'show' | 'edit' = 'show'): string {
  return `/groups/${page}?${new URLSearchParams({ name })}`
}
