import type { Params } from '#app/area.ts'

/** Where a document is shown. Documents of other accounts are named by their ARN, which has slashes. */
export function documentPath(name: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString()
  return `/documents/${encodeURIComponent(name)}${search && `?${search}`}`
}

/** The document that a page's address names. */
export function documentNamed({ name }: Params): string {
  return decodeURIComponent(name!)
}

/** The name without the ARN around it. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
