/**
 * The part of JSON Schema that describes documents, and how a value is held against it. Runs in browsers too: an editor completes
 * and checks by the same schema as the server.
 */

export interface JsonSchema {
  readonly $schema?: string
  readonly title?: string
  /** Markdown; shown beside what is completed. */
  readonly description?: string
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly string[]
  readonly const?: string
  readonly pattern?: string
  readonly default?: unknown
  /** Values worth offering. */
  readonly examples?: readonly unknown[]
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly propertyNames?: JsonSchema
  /** `false`: no other properties than those named. */
  readonly additionalProperties?: boolean | JsonSchema
  readonly minProperties?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly allOf?: readonly JsonSchema[]
  readonly if?: JsonSchema
  readonly then?: JsonSchema
}

export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** Names of members and indexes of items, from the root. */
export type JsonPath = readonly (string | number)[]

export interface SchemaProblem {
  readonly path: JsonPath
  /** A sentence about what is at the path. */
  readonly message: string
  /** The member that is not there; then the path is that of its owner. */
  readonly missing?: string
}

/** Everything in `value` that the schema does not allow, from the top down. */
export function schemaProblems(schema: JsonSchema, value: unknown, path: JsonPath = []): SchemaProblem[] {
  const wrong = valueProblem(schema, value)
  if (wrong !== undefined) return [{ path, message: wrong }]
  const inside = isObject(value)
    ? objectProblems(schema, value, path)
    : Array.isArray(value)
      ? value.flatMap((item, index) => (schema.items ? schemaProblems(schema.items, item, [...path, index]) : []))
      : []
  return [...inside, ...conditional(schema, value).flatMap((one) => schemaProblems(one, value, path))]
}

function valueProblem(schema: JsonSchema, value: unknown): string | undefined {
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => hasType(type, value)))
    return `Expected ${types.map((type) => TYPE_WORDS[type]).join(' or ')}.`
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) return 'The list must not be empty.'
  if (isObject(value) && Object.keys(value).length < (schema.minProperties ?? 0))
    return 'The mapping must not be empty.'
  if (typeof value !== 'string' || isReference(value)) return undefined
  const allowed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  if (allowed && !allowed.includes(value)) return `“${value}” is not one of ${allowed.join(', ')}.`
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
    return `“${value}” does not match ${schema.pattern}.`
  return undefined
}

const TYPE_WORDS: Readonly<Record<JsonType, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  null: 'nothing',
}

/** What a parameter will say is not known yet, whatever must be there in the end. */
function isReference(text: string): boolean {
  return text.includes('{{')
}

function hasType(type: JsonType, value: unknown): boolean {
  if (typeof value === 'string' && isReference(value)) return true
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'object':
      return isObject(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

function objectProblems(schema: JsonSchema, value: JsonObject, path: JsonPath): SchemaProblem[] {
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path, message: `“${name}” is missing.`, missing: name }))
  const members = Object.entries(value).flatMap(([name, member]) => {
    const at = [...path, name]
    const named = schema.propertyNames && valueProblem(schema.propertyNames, name)
    if (named) return [{ path: at, message: named }]
    const own = propertySchema(schema, name)
    if (own === false) return [{ path: at, message: `“${name}” is not known here.` }]
    return own ? schemaProblems(own, member, at) : []
  })
  return [...missing, ...members]
}

/** The schema of a member; `false` if there may be none of that name, undefined if anything goes. */
function propertySchema(schema: JsonSchema, name: string): JsonSchema | false | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name]
  return typeof schema.additionalProperties === 'object' || schema.additionalProperties === false
    ? schema.additionalProperties
    : undefined
}

/** What else holds for this value: parts that always do, and those whose condition it meets. */
function conditional(schema: JsonSchema, value: unknown): JsonSchema[] {
  return (schema.allOf ?? []).flatMap((part) => {
    if (!part.if) return [part]
    return part.then && schemaProblems(part.if, value).length === 0 ? [part.then] : []
  })
}

/** The schemas that hold at a path of a value; none where anything goes. For completion and hints. */
export function schemasAt(schema: JsonSchema, value: unknown, path: JsonPath): JsonSchema[] {
  const here = [schema, ...conditional(schema, value)]
  const [step, ...rest] = path
  if (step === undefined) return here
  return here.flatMap((one) => {
    const next = typeof step === 'number' ? one.items : propertySchema(one, step) || undefined
    return next ? schemasAt(next, memberOf(value, step), rest) : []
  })
}

function memberOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)]
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

type JsonObject = { readonly [name: string]: unknown }

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
