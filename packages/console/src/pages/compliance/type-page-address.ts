/** What the page of a type is narrowed to. */
export interface TypeNarrowing {
  readonly status?: string
  readonly severity?: string
  /** The id of an item. */
  readonly item?: string
  readonly tab?: string
}

/** The address of a type of compliance: people choose their names, so it stands in the query. */
export function typePage(type: string, narrowing: TypeNarrowing = {}): string {
  return `/compliance/show?${new URLSearchParams({ type, ...narrowing })}`
}
