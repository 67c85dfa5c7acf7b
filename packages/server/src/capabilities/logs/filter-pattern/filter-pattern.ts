/**
 * Filter patterns: words that a message has, conditions on the members of a JSON message `{ $.a = 1 }`, or on the columns of a message
 * of words `[a, b = 1, ...]`.
 */
import { parseColumns } from './columns.ts'
import { parseJsonSelector } from './json-selector.ts'
import { parseTerms } from './terms.ts'

export interface Filter {
  matches(message: string): boolean
  /** Undefined if it does not match; else what it looked at, by the names that the pattern has for it. */
  extract(message: string): Record<string, string> | undefined
}

/** Throws `InvalidParameterException`. */
export function compileFilter(pattern: string): Filter {
  const text = pattern.trim()
  if (text.startsWith('{')) return parseJsonSelector(text)
  if (text.startsWith('[')) return parseColumns(text)
  const matches = parseTerms(text)
  return { matches, extract: (message) => (matches(message) ? {} : undefined) }
}
