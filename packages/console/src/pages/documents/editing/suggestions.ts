/** What may be written at a place of a document, by its schema. Pure. */
import { ACTIONS, type JsonSchema, PLUGINS, schemasAt } from '@steward/protocol/document/index.ts'
import { stringify } from 'yaml'
import type { Cursor } from './cursor.ts'
import type { Format } from './form.ts'

export interface Suggestion {
  readonly label: string
  readonly kind: 'property' | 'enum' | 'variable'
  readonly detail?: string | undefined
  readonly info?: string | undefined
  /** What is written before and behind the place where the cursor then stands. */
  readonly before: string
  readonly after: string
  /** Something is to be chosen at that place. */
  readonly goesOn: boolean
  readonly required: boolean
}

export function suggestions(schema: JsonSchema, cursor: Cursor, format: Format): Suggestion[] {
  if (cursor.kind === 'reference') return references(cursor)
  const here = schemasAt(schema, cursor.value, cursor.path)
  if (cursor.kind === 'value') return values(here, cursor, format)
  const members = keys(here, cursor, format)
  // A lone word in a list of texts looks like the beginning of a mapping.
  return members.length > 0 ? members : values(here, cursor, format)
}

/** What is put where when a suggestion for the word between `from` and `to` is taken. */
export function insertion({ before, after }: Suggestion, text: string, from: number, to: number) {
  // A text that brings quotes takes the place of those that are there.
  const over = before.startsWith('"') && text[from - 1] === '"'
  const closed = over && text[to] === '"'
  return { from: over ? from - 1 : from, to: closed ? to + 1 : to, insert: before + after, cursorAfter: before.length }
}

// ---------------------------------------------------------------------------------------------------------------------
// Members

function keys(schemas: readonly JsonSchema[], cursor: Cursor, format: Format): Suggestion[] {
  const present = new Set(Object.keys(asObject(at(cursor.value, cursor.path))))
  const members = new Map<string, JsonSchema>()
  for (const { properties = {} } of schemas) {
    for (const [name, member] of Object.entries(properties)) members.set(name, { ...members.get(name), ...member })
  }
  const required = new Set(schemas.flatMap((schema) => schema.required ?? []))
  return [...members]
    .filter(([name]) => !present.has(name))
    .map(([name, member]) => ({
      label: name,
      kind: 'property',
      detail: typeWords(member),
      info: member.description,
      required: required.has(name),
      goesOn: choicesOf([member]).length > 0 || member.properties !== undefined,
      ...(cursor.hasValue ? { before: name, after: '' } : memberText(name, member, cursor, format)),
    }))
}

function memberText(name: string, member: JsonSchema, { column }: Cursor, format: Format) {
  const [type] = [member.type ?? []].flat()
  if (format === 'YAML') {
    const inner = ' '.repeat(column + 2)
    if (type === 'object') return { before: `${name}:\n${inner}`, after: '' }
    if (type === 'array') return { before: `${name}:\n${inner}- `, after: '' }
    return { before: `${name}: `, after: '' }
  }
  const [open, close] = BRACKETS[type ?? ''] ?? ['', '']
  return { before: `"${name}": ${open}`, after: close }
}

const BRACKETS: Readonly<Record<string, readonly [string, string]>> = {
  object: ['{', '}'],
  array: ['[', ']'],
  string: ['"', '"'],
}

function typeWords({ type }: JsonSchema): string | undefined {
  return type === undefined ? undefined : [type].flat().filter((one) => one !== 'null')[0]
}

// ---------------------------------------------------------------------------------------------------------------------
// Values

function values(schemas: readonly JsonSchema[], { quoted }: Cursor, format: Format): Suggestion[] {
  return choicesOf(schemas).map((choice) => ({
    label: String(choice),
    kind: 'enum',
    info: PLUGINS[String(choice)]?.description ?? ACTIONS[String(choice)]?.description,
    before: valueText(choice, quoted, format),
    after: '',
    goesOn: false,
    required: false,
  }))
}

function choicesOf(schemas: readonly JsonSchema[]): unknown[] {
  const all = schemas.flatMap((schema) => [
    ...(schema.enum ?? []),
    ...(schema.const === undefined ? [] : [schema.const]),
    ...(schema.examples ?? []),
    ...(schema.default === undefined ? [] : [schema.default]),
    ...([schema.type].flat().includes('boolean') ? [true, false] : []),
  ])
  return [...new Set(all)]
}

function valueText(value: unknown, quoted: boolean, format: Format): string {
  if (quoted) return String(value)
  return format === 'YAML' ? stringify(value).trim() : JSON.stringify(value)
}

// ---------------------------------------------------------------------------------------------------------------------
// References

function references({ value }: Cursor): Suggestion[] {
  const parameters = asObject(asObject(value).parameters)
  return Object.entries(parameters).map(([name, declaration]) => {
    const { type, description } = asObject(declaration)
    return {
      label: name,
      kind: 'variable',
      detail: type === undefined ? undefined : String(type),
      info: description === undefined ? undefined : String(description),
      before: `${name} }}`,
      after: '',
      goesOn: false,
      required: false,
    }
  })
}

function at(value: unknown, path: Cursor['path']): unknown {
  return path.reduce<unknown>((inside, step) => asObject(inside)[String(step)], value)
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
