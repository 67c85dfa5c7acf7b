/**
 * Event patterns (EVT-03). A pattern has the form of the events it wants: where it has a list, the event must have at least one of
 * the listed values there; all named members must match, and of each `$or` one alternative. Where the event has a list, one of
 * its elements must match; of a list of objects, one element must match everything that is asked of the objects.
 */
import { rememberedByText } from '#kernel/remembered.ts'
import { type Expression, isObject, isScalar, matchExpression, type Scalar } from './match-expression.ts'
import { PatternError } from './pattern-error.ts'

export interface EventPattern {
  matches(event: object): boolean
  /** False if no event with these members, such as `source`, can match, whatever else it has. */
  mayMatch(members: Readonly<Record<string, string>>): boolean
}

type Node = ObjectNode | ListNode

interface ObjectNode {
  readonly fields: readonly (readonly [string, Node])[]
  /** Of each group one alternative must match. */
  readonly groups: readonly (readonly ObjectNode[])[]
}

interface ListNode {
  readonly expressions: readonly Expression[]
}

const DEEPEST = 100

/** Throws {@link PatternError}. */
export function compilePattern(text: string): EventPattern {
  const parsed = parseJson(text)
  if (!isObject(parsed)) throw new PatternError('Filter is not an object')
  const root = objectNode(parsed, 0)
  return {
    matches: (event) => matchesObject(root, event as Record<string, unknown>),
    mayMatch: (members) =>
      root.fields.every(([name, node]) => !Object.hasOwn(members, name) || matchesNode(node, members[name])),
  }
}

const REMEMBERED_CHARACTERS = 2_000_000

/** The same, and not compiled again while it is in use: rules are matched far more often than put. */
export const compiledPattern: (text: string) => EventPattern = rememberedByText(REMEMBERED_CHARACTERS, compilePattern)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PatternError(`The pattern is not JSON: ${(error as Error).message}`)
  }
}

function objectNode(pattern: Record<string, unknown>, depth: number): ObjectNode {
  if (depth > DEEPEST) throw new PatternError(`The pattern is nested more than ${DEEPEST} levels deep`)
  const members = Object.entries(pattern)
  if (members.length === 0) throw new PatternError('Empty patterns are not allowed')
  const fields: [string, Node][] = []
  const groups: ObjectNode[][] = []
  for (const [name, value] of members) {
    if (name === '$or') groups.push(alternatives(value, depth))
    else fields.push([name, node(name, value, depth)])
  }
  return { fields, groups }
}

function node(name: string, value: unknown, depth: number): Node {
  if (isObject(value)) return objectNode(value, depth + 1)
  if (!Array.isArray(value)) throw new PatternError(`"${name}" must be an object or an array`)
  if (value.length === 0) throw new PatternError('Empty arrays are not allowed')
  return { expressions: value.map(matchExpression) }
}

function alternatives(value: unknown, depth: number): ObjectNode[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw new PatternError('"$or" must be an array of objects')
  if (value.length < 2) throw new PatternError('There must have at least 2 Objects in "$or" relationship.')
  return value.map((one) => objectNode(one, depth + 1))
}

function matchesObject({ fields, groups }: ObjectNode, value: Record<string, unknown>): boolean {
  return (
    fields.every(([name, node]) => matchesNode(node, Object.hasOwn(value, name) ? value[name] : undefined)) &&
    groups.every((group) => group.some((alternative) => matchesObject(alternative, value)))
  )
}

function matchesNode(node: Node, value: unknown): boolean {
  const elements = flattened(value)
  if ('expressions' in node) return matchesList(node, elements.filter(isScalar))
  const objects = elements.filter(isObject)
  // What asks for absence matches within what is absent.
  return objects.length === 0 ? matchesObject(node, {}) : objects.some((object) => matchesObject(node, object))
}

function matchesList({ expressions }: ListNode, values: readonly Scalar[]): boolean {
  if (values.length === 0) return expressions.includes('absent')
  return expressions.some((expression) => expression !== 'absent' && values.some(expression))
}

function flattened(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]
}
