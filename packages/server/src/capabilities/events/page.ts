/** One page of a list in order of names: what to answer, and where the next page begins. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
}

export const PAGE_SIZE = 100

/** `rows` were asked for with one more than `limit`, to know whether there are more. */
export function pageOf<T>(rows: readonly T[], limit: number, nameOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? nameOf(items.at(-1)!) : undefined }
}
