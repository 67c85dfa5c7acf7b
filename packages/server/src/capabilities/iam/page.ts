import type { Call } from '#kernel/declare.ts'

/** How many entries IAM answers when `MaxItems` says nothing. */
const DEFAULT_ITEMS = 100

interface PageInput {
  MaxItems?: number | undefined
}

/** What every list of IAM says of its page. */
interface PageOutput {
  IsTruncated: boolean
  Marker?: string | undefined
}

/**
 * Cuts one page out of a list that is in the order of `keyOf`, whose keys are unique. The lists of IAM are short: they are read
 * whole, which is what makes their many filters plain.
 */
export function pageOf<T>(
  call: Call,
  { MaxItems = DEFAULT_ITEMS }: PageInput,
  all: readonly T[],
  keyOf: (item: T) => string,
): PageOutput & { items: T[] } {
  const after = call.cursor<string>()
  const rest = after === undefined ? all : all.filter((item) => keyOf(item) > after)
  const items = rest.slice(0, MaxItems)
  const IsTruncated = rest.length > items.length
  return { items, IsTruncated, ...(IsTruncated && { Marker: call.nextToken(keyOf(items.at(-1)!)) }) }
}

/** Orders by a key as {@link pageOf} compares it: by code units, the same on every database. */
export function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
