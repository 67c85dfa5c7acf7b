/** What a value may be (PS-04, PS-14). */
import { createContext, Script } from 'node:vm'
import { badPattern, nestedValue, patternMismatch, unsupportedDataType, valueLength } from './errors.ts'

/** Longer than every tier allows: what is refused before anything is looked at. */
const LENGTH_LIMIT = 32_768
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'] as const
/** How long a pattern may take for one value. */
const PATTERN_MS = 100

export type DataType = (typeof DATA_TYPES)[number]

export function checkValue(value: string): void {
  if (value.length === 0) throw valueLength('greater', 1)
  if (value.length > LENGTH_LIMIT) throw valueLength('less', LENGTH_LIMIT)
  if (/\{\{[\s\S]*\}\}/.test(value)) throw nestedValue()
}

export function dataTypeOf(text: string): DataType {
  if ((DATA_TYPES as readonly string[]).includes(text)) return text as DataType
  throw unsupportedDataType(text)
}

export function isImageId(value: string): boolean {
  return /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(value)
}

const matches = new Script('pattern.test(value)')

/**
 * Throws unless the whole value matches the pattern. The pattern is the caller's: it runs under a time limit, because one that
 * backtracks for ever would stop the server.
 */
export function checkPattern(pattern: string, value: string): void {
  const context = createContext({ pattern: compiled(pattern), value })
  let matched: unknown
  try {
    matched = matches.runInContext(context, { timeout: PATTERN_MS })
  } catch (cause) {
    throw badPattern(cause)
  }
  if (!matched) throw patternMismatch(pattern)
}

/** AWS matches with Java's expressions; leading flags are the difference that people meet. */
function compiled(pattern: string): RegExp {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
  try {
    return new RegExp(`^(?:${rest})$`, flags)
  } catch (cause) {
    throw badPattern(cause)
  }
}
