/** What a value may be (PS-04, PS-14). */
import { compileForeign, matchesForeign } from '@steward/protocol/foreign-pattern.ts'
import { badPattern, nestedValue, patternMismatch, unsupportedDataType, valueLength } from './errors.ts'

/** Longer than every tier allows: what is refused before anything is looked at. */
const LENGTH_LIMIT = 32_768
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'] as const

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

/** Throws unless the whole value matches the pattern, which is the caller's. */
export function checkPattern(pattern: string, value: string): void {
  if (!isMatch(pattern, value)) throw patternMismatch(pattern)
}

function isMatch(pattern: string, value: string): boolean {
  const expression = compileForeign(pattern)
  if (!expression) throw badPattern()
  try {
    return matchesForeign(expression, value)
  } catch (cause) {
    throw badPattern(cause)
  }
}
