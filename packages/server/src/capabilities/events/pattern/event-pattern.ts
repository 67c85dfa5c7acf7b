/**
 * Event patterns (EVT-03). A pattern has the form of the events it wants: where it has a list, the event must have at least one of
 * the listed values there; all named members must match, and of each `$or` one alternative. Where the event has a list, one of
 * its elements must match; of a list of objects, one element must match everything that is asked of the objects. A name with dots
 * in it is a path.
 */
import { rememberedByText } from '#kernel/remembered.ts'
import { unfolded } from './dotted-names.ts'
import { type Expression, isObject, isScalar, matchExpression, type Scalar } from './match-expression.ts'
import { PatternError } from './pattern-error.ts'

export interface EventPattern {
  matches(event: object): boolean
  /** False if no event with these members, such as `source`, can match, whatever else it has. */
  mayMatch(members: Readonly<Record<string, string>>): boolean
}

type Node = ObjectNode | ListNode

interface ObjectNode {
  readonly fields: [string, Node][]
  /** Of each group one alternative must match. */
  readonly groups: ObjectNode[][]
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

/**
 * The same for a pattern that was put, which is not compiled again while it is in use: rules are matched far more often than put. One
 * that would be refused by now matches nothing, so that it holds up no other.
 */
export const compiledPattern: (text: string) => EventPattern = rememberedByText(REMEMBERED_CHARACTERS, (text) => {
  try {
    return compilePattern(text)
  } catch (error) {
    if (error instanceof PatternError) return { matches: () => false, mayMatch: () => false }
    throw error
  }
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new PatternError(`The pattern is not JSON: ${(error as Error).message}`)
  }
}

function objectNode(pattern: Record<string, unknown>, depth: number): ObjectNode {
  checkDepth(depth)
  const members = Object.entries(pattern)
  if (members.length === 0) throw new PatternError('Empty objects are not allowed')
  const made: ObjectNode = { fields: [], groups: [] }
  for (const [name, value] of members) {
    if (name === '$or') made.groups.push(alternatives(value, depth))
    else {
      const path = name.split('.')
      checkDepth(depth + path.length - 1)
      addField(made, path, node(name, value, depth + path.length - 1))
    }
  }
  return made
}

function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw new PatternError(`The pattern is nested more than ${DEEPEST} levels deep`)
}

/** What is asked of one object is asked together, however it is named. */
function addField(parent: ObjectNode, [name = '', ...rest]: readonly string[], node: Node): void {
  const known = parent.fields.map(([other, it]) => other === name && 'fields' in it && it).find((it) => it)
  if (rest.length > 0) {
    const object = known || { fields: [], groups: [] }
    if (!known) parent.fields.push([name, object])
    addField(object, rest, node)
  } else if (known && 'fields' in node) {
    for (const [inner, asked] of node.fields) addField(known, [inner], asked)
    known.groups.push(...node.groups)
  } else parent.fields.push([name, node])
}

function node(name: string, value: unknown, depth: number): Node {
  if (isObject(value)) return objectNode(value, depth + 1)
  if (!Array.isArray(value)) throw new PatternError(`"${name}" must be an object or an array`)
  if (value.length === 0) throw new PatternError('Empty arrays are not allowed')
  return { expressions: value.map(matchExpression) }
}

function alternatives(value: unknown, depth: number): ObjectNode[] {
  if (!Array.isArray(value)) throw new PatternError('It must be an Array followed with $or.')
  if (!value.every(isObject)) throw new PatternError('Only JSON object is allowed in array of $or relationship.')
  if (value.length < 2) throw new PatternError('There must have at least 2 Objects in $or relationship.')
  return value.map((one) => objectNode(one, depth + 1))
}

function matchesObject({ fields, groups }: ObjectNode, object: Record<string, unknown>): boolean {
  const value = unfolded(object)
  return (
    fields.every(([name, node]) => matchesNode(node, Object.hasOwn(value, name) ? value[name] : undefined)) &&
    groups.every((group) => group.some((alternative) => matchesObject(alternative, object)))
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
