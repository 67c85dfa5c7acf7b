/** Where a document is shown. Documents of other accounts are named by their ARN. */
export function documentPath(name: string, query: Readonly<Record<string, string>> = {}): string {
  return `/documents/show?${new URLSearchParams({ name, ...query })}`
}

/** Where it is edited: its latest version, or that one. */
export function documentEditPath(name: string, version?: string): string {
  return `/documents/edit?${new URLSearchParams({ name, ...(version && { version }) })}`
}

/** The name without the ARN around it. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
