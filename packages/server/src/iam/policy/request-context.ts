/** What is known of a request by the names that conditions and variables use; the keys are in lower case. */
export type RequestContext = ReadonlyMap<string, string | readonly string[]>

/** Keys in any case. Keys without a value are left out, so that `Null` finds them missing. */
export function requestContext(
  ...entries: readonly (Readonly<Record<string, string | readonly string[] | undefined>> | undefined)[]
): Map<string, string | readonly string[]> {
  const context = new Map<string, string | readonly string[]>()
  for (const entry of entries) {
    for (const key in entry) {
      const value = entry[key]
      if (value !== undefined) context.set(key.toLowerCase(), value)
    }
  }
  return context
}
