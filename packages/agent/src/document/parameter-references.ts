/*
 * `{{ name }}` in inputs becomes the parameter's value. A string that is nothing but the reference becomes the value with
 * its type; inside longer text the value's string form is put in, lists and maps as JSON. Values are never looked into
 * for references again, and names that are no parameters stay as they are.
 */
import type { Document } from '#document/document.ts'

/** Parameter values by name. */
export type ParameterValues = { [name: string]: unknown }

const namePattern = /^[a-zA-Z0-9]+$/

/** The values a document runs with: those that were sent, else the defaults. Names that cannot be referenced are left out. */
export function parameterValues(document: Document, sent: ParameterValues): ParameterValues {
  const defaults = Object.entries(document.parameters).map(([name, definition]) => [name, definition.default] as const)
  const all = [...defaults, ...Object.entries(sent)].filter(([name, value]) => namePattern.test(name) && value != null)
  return Object.fromEntries(all)
}

/** A copy of the input with references replaced, at every depth. */
export function fillIn(input: unknown, values: ParameterValues): unknown {
  if (typeof input === 'string') return fillInText(input, values)
  if (Array.isArray(input)) return input.map((element) => fillIn(element, values))
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, fillIn(value, values)]))
}

function fillInText(text: string, values: ParameterValues): unknown {
  const whole = /^\{\{\s*([a-zA-Z0-9]+)\s*\}\}$/.exec(text)
  if (whole && Object.hasOwn(values, whole[1]!)) return values[whole[1]!]
  return text.replace(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g, (reference, name: string) =>
    // Documents write $$ for $ since a time when Amazon's agent took $ for something else.
    Object.hasOwn(values, name) ? textOf(values[name]).replaceAll('$$', () => '$') : reference,
  )
}

/** The string form of a value: strings as they are, everything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
