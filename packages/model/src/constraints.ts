// Decides whether a value meets every constraint of its shape, and nothing more: this runs on each request, and requests
// are valid. Only when the answer is no does `violations.ts` go through the value again to say what is wrong.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import { compilePattern } from './java-pattern.ts'
import { printDouble } from './java-text.ts'
import type { ShapeTable } from './service-table.ts'

export type Check = (value: unknown) => boolean

/** One sentence AWS says about a value, and when it says it. */
export interface Constraint {
  sentence: string
  holds: Check
}

/** Checks for the shapes of one service. They expect values of the right type, as a reader gives them. */
export function shapeChecks(shapes: Shapes): (shapeName: string) => Check {
  return compileShapes<[unknown], boolean>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    const own = both(shape.enum ? [enumCheck(shape.enum)] : [lengthCheck(shape), patternCheck(shape)])
    const inner = innerCheck(shape, compiled)
    if (!inner) return own ?? always
    return own ? (value) => own(value) && inner(value) : inner
  })
}

const always: Check = () => true

function innerCheck(shape: ShapeTable, compiled: (shapeName: string) => Check): Check | undefined {
  if (shape.type === 'structure') return structureCheck(shape, compiled)
  if (shape.type === 'list') return listCheck(compiled(shape.member!.shape))
  if (shape.type === 'map') return mapCheck(compiled(shape.key!.shape), compiled(shape.value!.shape))
  return undefined
}

function structureCheck(shape: ShapeTable, compiled: (shapeName: string) => Check): Check {
  const required = shape.required ?? []
  const checks = new Map<string, Check>()
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const check = compiled(member.shape)
    if (check !== always) checks.set(name, check)
  }
  return (value) => {
    const fields = value as Record<string, unknown>
    for (const name of required) if (fields[name] === undefined) return false
    for (const name in fields) {
      const check = checks.get(name)
      if (check !== undefined && fields[name] !== undefined && !check(fields[name])) return false
    }
    return true
  }
}

function listCheck(check: Check): Check {
  return (value) => {
    for (const element of value as unknown[]) if (element === null || !check(element)) return false
    return true
  }
}

function mapCheck(checkKey: Check, checkValue: Check): Check {
  return (value) => {
    const entries = value as Record<string, unknown>
    for (const key in entries) {
      if (entries[key] === null || !checkKey(key) || !checkValue(entries[key])) return false
    }
    return true
  }
}

/** What a shape demands of its own value, in AWS's order: pattern, greatest, least, or the set of an enumeration. */
export function ownConstraints(shape: ShapeTable, enumText: (values: readonly string[]) => string): Constraint[] {
  if (shape.enum) {
    return [
      { sentence: `Member must satisfy enum value set: [${enumText(shape.enum)}]`, holds: enumCheck(shape.enum)! },
    ]
  }
  return [patternConstraint(shape), ...boundConstraints(shape)].filter((constraint) => constraint !== undefined)
}

/** Texts far beyond their greatest length are refused without trying the pattern, which could take long on them. */
const PATTERN_PATIENCE = 4096

function patternConstraint(shape: ShapeTable): Constraint | undefined {
  const matches = patternCheck(shape)
  if (!matches) return undefined
  const longest = Math.max(shape.max ?? Number.POSITIVE_INFINITY, PATTERN_PATIENCE)
  return {
    sentence: `Member must satisfy regular expression pattern: ${shape.pattern}`,
    holds: (value) => (value as string).length > longest || matches(value),
  }
}

function boundConstraints(shape: ShapeTable): Constraint[] {
  const what = isNumeric(shape) ? 'value' : 'length'
  const print = shape.type === 'float' || shape.type === 'double' ? printDouble : String
  const bounds: Constraint[] = []
  const { min, max } = shape
  if (max !== undefined) {
    bounds.push({
      sentence: `Member must have ${what} less than or equal to ${print(max)}`,
      holds: lengthCheck({ type: shape.type, max })!,
    })
  }
  if (min !== undefined) {
    bounds.push({
      sentence: `Member must have ${what} greater than or equal to ${print(min)}`,
      holds: lengthCheck({ type: shape.type, min })!,
    })
  }
  return bounds
}

function isNumeric(shape: ShapeTable): boolean {
  return shape.type === 'integer' || shape.type === 'long' || shape.type === 'float' || shape.type === 'double'
}

function both(checks: (Check | undefined)[]): Check | undefined {
  const [first, second] = checks.filter((check) => check !== undefined)
  return first && second ? (value) => first(value) && second(value) : first
}

function enumCheck(values: readonly string[]): Check {
  const set = new Set<unknown>(values)
  return (value) => set.has(value)
}

function patternCheck(shape: ShapeTable): Check | undefined {
  if (shape.pattern === undefined || shape.type !== 'string') return undefined
  const matches = compilePattern(shape.pattern)
  return (value) => matches(value as string)
}

/** Bounds on a number's value, or on the length of the rest. Text counts in UTF-16 units, as Java's `length` does. */
function lengthCheck(shape: ShapeTable): Check | undefined {
  if (shape.min === undefined && shape.max === undefined) return undefined
  const min = shape.min ?? Number.NEGATIVE_INFINITY
  const max = shape.max ?? Number.POSITIVE_INFINITY
  const sizeOf = SIZES[shape.type] ?? ((value: unknown) => value as number)
  return (value) => {
    const size = sizeOf(value)
    return size >= min && size <= max
  }
}

const lengthOf = (value: unknown) => (value as { length: number }).length

const SIZES: Partial<Record<ShapeTable['type'], (value: unknown) => number>> = {
  string: lengthOf,
  list: lengthOf,
  blob: lengthOf,
  map: (value) => Object.keys(value as object).length,
}
