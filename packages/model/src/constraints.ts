// Decides whether a value meets every constraint of its shape, and nothing more: this runs on each request, and requests
// are valid. Only when the answer is no does `violations.ts` go through the value again to say what is wrong.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import { compilePattern } from './java-pattern.ts'
import type { ShapeTable } from './service-table.ts'

export type Check = (value: unknown) => boolean

/** Checks for the shapes of one service. They expect values of the right type, as a reader gives them. */
export function shapeChecks(shapes: Shapes): (shapeName: string) => Check {
  return compileShapes<[unknown], boolean>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    const own = both(shape.enum ? [enumCheck(shape.enum)] : [boundCheck(shape), patternCheck(shape)])
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

function both(checks: (Check | undefined)[]): Check | undefined {
  const [first, second] = checks.filter((check) => check !== undefined)
  return first && second ? (value) => first(value) && second(value) : first
}

/** Whether a text is one of an enumeration's values. */
export function enumCheck(values: readonly string[]): Check {
  const set = new Set<unknown>(values)
  return (value) => set.has(value)
}

/** Whether a text matches the pattern of its shape, if there is one. */
export function patternCheck(shape: ShapeTable): Check | undefined {
  if (shape.pattern === undefined || shape.type !== 'string') return undefined
  const matches = compilePattern(shape.pattern)
  return (value) => matches(value as string)
}

/** Bounds on a number's value, or on the length of the rest. Text counts in UTF-16 units, as Java's `length` does. */
export function boundCheck(shape: ShapeTable): Check | undefined {
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
