import { compileForeign, matchesForeign } from '@steward/protocol/foreign-pattern.ts'
import { documentTakesNoParameters, invalidParameters } from './errors.ts'
import type { ParameterDeclaration } from './parameter-declaration.ts'

/** Parameter values as the API takes them: every parameter is a list of strings. */
export type SuppliedParameters = Readonly<Record<string, readonly string[]>>

/** A value in the type that its document declares, as agents take it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/**
 * Checks what a caller supplies against what a document declares, before anything is stored (RC-06, DOC-08): unknown and
 * missing names, types, allowed values and patterns, numbers of items and characters. The answer is every supplied value in
 * its declared type, for the agent's payload. Defaults are not filled in: agents do that.
 */
export function typedParameters(
  documentName: string,
  declarations: readonly ParameterDeclaration[] | undefined,
  supplied: SuppliedParameters,
): Record<string, JsonValue> {
  const names = Object.keys(supplied)
  if (!declarations?.length && names.length > 0) throw documentTakesNoParameters(documentName)
  const known = new Map(declarations?.map((declaration) => [declaration.name, declaration]))
  for (const name of names) {
    if (!known.has(name)) throw invalidParameters(`Parameter "${name}" is not defined in the document.`)
  }
  const typed: Record<string, JsonValue> = {}
  for (const [name, declaration] of known) {
    if (Object.hasOwn(supplied, name)) typed[name] = typedValue(declaration, supplied[name]!)
    else if (declaration.default === undefined) throw invalidParameters(`Parameter "${name}" requires a value.`)
  }
  return typed
}

function typedValue(declaration: ParameterDeclaration, values: readonly string[]): JsonValue {
  const { name, form } = declaration
  const isList = form === 'StringList' || form === 'MapList'
  if (!isList && values.length !== 1) {
    throw invalidParameters(`Parameter "${name}" requires exactly one value, got ${values.length}.`)
  }
  const typed = form === 'MapList' ? mapList(name, values) : isList ? [...values] : single(declaration, values[0]!)
  if (Array.isArray(typed)) requireItems(declaration, typed.length)
  for (const value of values) requireAllowed(declaration, value)
  return typed
}

function single({ name, form }: ParameterDeclaration, value: string): JsonValue {
  const wrong = () => invalidParameters(`Parameter "${name}" has value "${value}" that is not of type ${form}.`)
  // What Parameter Store holds under the name is known only when the command is dispatched.
  if (form === 'String' || hasParameterStoreReference(value)) return value
  if (form === 'Integer') {
    if (!/^-?\d{1,15}$/.test(value)) throw wrong()
    return Number(value)
  }
  if (form === 'Boolean') {
    if (!/^(true|false)$/i.test(value)) throw wrong()
    return value.toLowerCase() === 'true'
  }
  const map = parseJson(value)
  if (!isPlainMap(map)) throw wrong()
  return map
}

/** A list of JSON objects, also when one value holds all of them. */
function mapList(name: string, values: readonly string[]): JsonValue[] {
  const items = values.flatMap((value) => parseJson(value))
  for (const item of items) {
    if (!isPlainMap(item)) throw invalidParameters(`Parameter "${name}" is not a list of maps.`)
  }
  return items as JsonValue[]
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function isPlainMap(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasParameterStoreReference(value: string): boolean {
  return /\{\{\s*ssm:[^{}]+\}\}/.test(value)
}

function requireItems(
  { name, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: ParameterDeclaration,
  items: number,
) {
  if (items < minItems)
    throw invalidParameters(`Parameter "${name}" requires at least ${minItems} items, got ${items}.`)
  if (items > maxItems) throw invalidParameters(`Parameter "${name}" allows at most ${maxItems} items, got ${items}.`)
}

function requireAllowed(declaration: ParameterDeclaration, value: string): void {
  if (hasParameterStoreReference(value)) return
  const { name, form, allowedValues, allowedPattern, minChars = 0, maxChars = Number.POSITIVE_INFINITY } = declaration
  if (allowedValues && !allowedValues.some((allowed) => equals(form, allowed, value))) {
    throw invalidParameters(`Parameter "${name}" has value "${value}" not found in [${allowedValues.join(', ')}].`)
  }
  if (allowedPattern !== undefined && !matchesWhole(name, allowedPattern, value)) {
    throw invalidParameters(`Parameter "${name}" has value "${value}" that does not match ${allowedPattern}.`)
  }
  const characters = [...value].length
  if (characters < minChars) {
    throw invalidParameters(`Parameter "${name}" requires at least ${minChars} characters, got ${characters}.`)
  }
  if (characters > maxChars) {
    throw invalidParameters(`Parameter "${name}" allows at most ${maxChars} characters, got ${characters}.`)
  }
}

/** The guide writes `allowedValues: [True, False]` for strings, which YAML reads as booleans: their case is lost. */
function equals(form: string, allowed: string, value: string): boolean {
  if (allowed === value) return true
  const isBoolean = allowed === 'true' || allowed === 'false' || form === 'Boolean'
  return isBoolean && allowed.toLowerCase() === value.toLowerCase()
}

/** One that only Java understands is left to the agent's own check. */
function matchesWhole(name: string, pattern: string, value: string): boolean {
  const expression = compileForeign(pattern)
  try {
    return expression === undefined || matchesForeign(expression, value)
  } catch {
    throw invalidParameters(`Parameter "${name}" has a pattern that takes too long to match: ${pattern}.`)
  }
}
