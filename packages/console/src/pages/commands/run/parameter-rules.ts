/**
 * What a document asks for, and whether a value may be sent. The server decides; the rules are here for comfort, and are those of
 * `capabilities/documents/parameters.ts`.
 */
import { commands } from '#texts/commands.ts'

export interface Declaration {
  readonly name: string
  readonly type: string
  readonly description: string | undefined
  /** As the form shows it; undefined: a value must be given. */
  readonly default: string | undefined
  readonly allowedValues: readonly string[] | undefined
  readonly allowedPattern: string | undefined
  readonly minItems: number | undefined
  readonly maxItems: number | undefined
  readonly minChars: number | undefined
  readonly maxChars: number | undefined
  readonly isLong: boolean
}

interface Written {
  type?: string
  description?: string
  default?: unknown
  allowedValues?: unknown[]
  allowedPattern?: string
  minItems?: number | string
  maxItems?: number | string
  minChars?: number | string
  maxChars?: number | string
  displayType?: string
}

/** The parameters of a document's content, which is JSON. */
export function declarationsOf(content: string): Declaration[] {
  const { parameters } = JSON.parse(content) as { parameters?: Record<string, Written> | null }
  return Object.entries(parameters ?? {}).map(([name, written]) => ({
    name,
    type: written.type ?? 'String',
    description: written.description,
    default: defaultText(written),
    allowedValues: written.allowedValues?.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
    allowedPattern: written.allowedPattern,
    minItems: number(written.minItems),
    maxItems: number(written.maxItems),
    minChars: number(written.minChars),
    maxChars: number(written.maxChars),
    isLong: written.displayType === 'textarea' || written.type === 'StringList',
  }))
}

function number(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}

function defaultText({ type, default: value }: Written): string | undefined {
  if (value === undefined || value === null) return undefined
  if (type === 'StringList' && Array.isArray(value)) return value.join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What the person wrote as the API takes it: every parameter is a list of texts. */
export function valuesOf({ type }: Declaration, text: string): string[] {
  if (type !== 'StringList') return [text]
  const lines = text.split('\n')
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

/** What to send: only what differs from the defaults. */
export function suppliedParameters(
  declarations: readonly Declaration[],
  texts: Readonly<Record<string, string>>,
): Record<string, string[]> {
  const given = declarations.flatMap((declaration): [string, string[]][] => {
    const text = texts[declaration.name]
    if (text === undefined || text === declaration.default) return []
    if (text === '' && declaration.default === undefined) return []
    return [[declaration.name, valuesOf(declaration, text)]]
  })
  return Object.fromEntries(given)
}

const faults = commands.form.faults
const REFERENCE = /\{\{\s*ssm:[^{}]+\}\}/

/** What is wrong with a value; undefined if nothing is. */
export function faultOf(declaration: Declaration, text: string): string | undefined {
  if (text.trim() === '') return declaration.default === undefined ? faults.required : undefined
  if (text === declaration.default || REFERENCE.test(text)) return undefined
  const values = valuesOf(declaration, text)
  return (
    formFault(declaration.type, text) ??
    rangeFault(
      values.length,
      declaration.minItems,
      declaration.maxItems,
      faults.items,
      declaration.type === 'StringList',
    ) ??
    values.map((value) => valueFault(declaration, value)).find((fault) => fault !== undefined)
  )
}

function formFault(type: string, text: string): string | undefined {
  if (type === 'Integer') return /^-?\d{1,15}$/.test(text) ? undefined : faults.integer
  if (type !== 'StringMap' && type !== 'MapList') return undefined
  try {
    const value = JSON.parse(text) as unknown
    const isMap = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one)
    if (type === 'StringMap') return isMap(value) ? undefined : faults.map
    return [value].flat().every(isMap) ? undefined : faults.maps
  } catch {
    return faults.json
  }
}

function valueFault(declaration: Declaration, value: string): string | undefined {
  const { allowedValues, allowedPattern, minChars, maxChars } = declaration
  if (allowedValues && !allowedValues.includes(value)) return faults.allowed
  if (allowedPattern && !fits(allowedPattern, value)) return faults.pattern(allowedPattern)
  return rangeFault(value.length, minChars, maxChars, faults.characters, true)
}

/** The whole of a value must match. A pattern of another dialect than this browser's is left to the server. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value)
  } catch {
    return true
  }
}

function rangeFault(
  size: number,
  min = 0,
  max = Number.POSITIVE_INFINITY,
  words: (min: number, max: number) => string,
  applies: boolean,
): string | undefined {
  return applies && (size < min || size > max) ? words(min, max) : undefined
}
