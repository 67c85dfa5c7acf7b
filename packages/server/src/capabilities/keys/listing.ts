/** Pages of the lists of KMS: by default 100 entries, `NextMarker` and `Truncated` where there are more. */
import type { Call } from '#kernel/declare.ts'

const DEFAULT_LIMIT = 100

export interface Page<T> {
  readonly items: T[]
  readonly more: { readonly NextMarker?: string; readonly Truncated: boolean }
}

/**
 * Reads one entry more than are wanted, so that it is known whether there are more. `cursorOf` says after which entry the next page
 * begins.
 */
export async function page<T>(
  call: Call,
  limit: number | undefined,
  most: number,
  read: (after: string | undefined, limit: number) => Promise<T[]>,
  cursorOf: (item: T) => string,
): Promise<Page<T>> {
  const size = Math.min(limit ?? DEFAULT_LIMIT, most)
  const items = await read(call.cursor<string>(), size + 1)
  if (items.length <= size) return { items, more: { Truncated: false } }
  items.length = size
  return { items, more: { NextMarker: call.nextToken(cursorOf(items.at(-1)!))!, Truncated: true } }
}
