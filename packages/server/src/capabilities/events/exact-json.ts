/**
 * JSON on its way through: numbers that JavaScript would write otherwise, such as 12345678901234567890 or 1.0, stay as the sender
 * wrote them. They are raw JSON then (`JSON.isRawJSON`), which `JSON.stringify` writes as it is; patterns want numbers, so they are
 * matched with what `JSON.parse` gives.
 */

declare global {
  /** What TypeScript does not know yet. */
  interface JSON {
    rawJSON(text: string): object
    isRawJSON(value: unknown): boolean
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

/**
 * Whether there may be such a number: -0, one with many zeros at its beginning or with zeros at its end, one with an exponent, one of
 * many digits. Most texts have none, and need not be parsed the slow way; it may find too much, within quotes.
 */
const MAY_CHANGE = /[[:,\s](?:-0(?![.\d])|-?(?:0\.0{6}|\d+\.\d*0(?!\d)|\d+(?:\.\d+)?[eE]|[\d.]{16}))/

/** What `JSON.parse` gives, but for the numbers in objects and lists that it would change. */
export function parseExactly(text: string): unknown {
  if (!mayChange(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && String(value) !== source ? JSON.rawJSON(source!) : value,
  )
}

/** The same for a text that was parsed already. */
export function exactly<T>(text: string, parsed: T): T {
  return mayChange(text) ? (parseExactly(text) as T) : parsed
}

function mayChange(text: string): boolean {
  return /^\s*[{[]/.test(text) && MAY_CHANGE.test(text)
}
