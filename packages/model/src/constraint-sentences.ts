import { boundCheck, type Check, enumCheck, patternCheck } from './constraints.ts'
import { enumOrder } from './java-order.ts'
import { printDouble } from './java-text.ts'
import type { ShapeTable } from './service-table.ts'

/** One sentence AWS says about a value, unless it holds. */
export interface Constraint {
  sentence: string
  /** The sentence stands for itself, behind the name of the member. */
  inOwnWords?: boolean
  holds: Check
}

/** What a shape demands of its own value, in AWS's order: pattern, greatest, least, or the set of an enumeration. */
export function ownConstraints(shape: ShapeTable): Constraint[] {
  if (shape.enum) {
    const values = enumOrder(shape.enum).join(', ')
    return [{ sentence: `Member must satisfy enum value set: [${values}]`, holds: enumCheck(shape.enum) }]
  }
  const pattern = patternConstraint(shape)
  const words = pattern && shape.refusal !== undefined && { sentence: shape.refusal, inOwnWords: true }
  return [pattern && { ...pattern, ...words }, ...boundConstraints(shape)].filter(
    (constraint) => constraint !== undefined,
  )
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
      holds: boundCheck({ type: shape.type, max })!,
    })
  }
  if (min !== undefined) {
    bounds.push({
      sentence: `Member must have ${what} greater than or equal to ${print(min)}`,
      holds: boundCheck({ type: shape.type, min })!,
    })
  }
  return bounds
}

function isNumeric(shape: ShapeTable): boolean {
  return shape.type === 'integer' || shape.type === 'long' || shape.type === 'float' || shape.type === 'double'
}

/** The same for an element of a list or map, where AWS names the constraints together: the pattern after the lengths. */
export function elementConstraints(shape: ShapeTable): Constraint[] {
  const pattern = patternConstraint(shape)
  return pattern && !shape.enum ? [...boundConstraints(shape), pattern] : ownConstraints(shape)
}
