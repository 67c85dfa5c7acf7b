// Says what is wrong with a value in AWS's words. Which sentence, at which path, in which order, is taken from recorded
// answers of AWS (see the golden table in violations.test.ts):
// - `Value 'x' at 'path' failed to satisfy constraint: sentence`; `Value null at …` when missing; no value at all when the
//   shape is sensitive.
// - The elements of a list of plain values, and the keys and plain values of a map, are judged together: the path is that of
//   the list or map, and the sentence names all constraints of the element.
// - Elements that are structures are judged member by member, at `list.1.member.name` or `map.key.member.name`.
// - IAM speaks of names, paths and policies that do not match their pattern in words of its own (`refusal` of the shape).
// - At most ten violations are told.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import { elementConstraints, ownConstraints } from './constraint-sentences.ts'
import { hashMapOrder } from './java-order.ts'
import { lowerFirst, type Printer, valuePrinters } from './java-text.ts'
import type { ShapeTable } from './service-table.ts'

/** Adds what is wrong with a value to a list of sentences. */
type Explain = (value: unknown, path: string, told: string[]) => void

/** How a violation begins that AWS tells in words of its own. */
const SPECIFIED = 'The specified value for'
const MOST_TOLD = 10
const NOT_NULL = 'Member must not be null'

/** For each structure shape of a service: the violations of a value, in AWS's words and order. */
export function violationFinders(shapes: Shapes): (shapeName: string) => (value: unknown) => string[] {
  const inner = innerSentences(shapes, valuePrinters(shapes))
  return (shapeName) => {
    const tell = inner(shapeName)
    return (value) => {
      const told: string[] = []
      tell(value, '', told)
      return told.slice(0, MOST_TOLD)
    }
  }
}

/** What is wrong inside the structures, lists and maps of a service; about a whole value its container speaks. */
function innerSentences(shapes: Shapes, printers: (shapeName: string) => Printer): (shapeName: string) => Explain {
  return compileShapes<[unknown, string, string[]], void>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    const context = { shapes, shape, compiled, print: printers(shapeName), printers }
    if (shape.type === 'structure') return structureSentences(context)
    if (shape.type === 'list') return listSentences(context)
    if (shape.type === 'map') return mapSentences(context)
    return () => {}
  })
}

interface Context {
  shapes: Shapes
  shape: ShapeTable
  compiled: (shapeName: string) => Explain
  print: Printer
  printers: (shapeName: string) => Printer
}

function structureSentences({ shapes, shape, compiled, printers }: Context): Explain {
  const required = new Set(shape.required)
  const byWireName = new Map(Object.entries(shape.members ?? {}).map((entry) => [lowerFirst(entry[0]), entry]))
  const members = hashMapOrder([...byWireName.keys()]).map((wireName) => {
    const [name, member] = byWireName.get(wireName)!
    const own = ownSentences(shapeOf(shapes, member.shape), wireName, printers(member.shape))
    return { name, wireName, required: required.has(name), own, inner: compiled(member.shape) }
  })
  return (value, path, told) => {
    for (const member of members) {
      const field = (value as Record<string, unknown>)[member.name]
      const memberPath = path === '' ? member.wireName : `${path}.${member.wireName}`
      if (field !== undefined) {
        member.own(field, memberPath, told)
        member.inner(field, memberPath, told)
      } else if (member.required) {
        told.push(`Value null at '${memberPath}' failed to satisfy constraint: ${NOT_NULL}`)
      }
    }
  }
}

function ownSentences(shape: ShapeTable, member: string, print: Printer): Explain {
  const refusal = shape.refusals?.[member] ?? shape.refusal
  const constraints = ownConstraints(refusal === undefined ? shape : { ...shape, refusal })
  return (value, path, told) => {
    for (const { sentence, inOwnWords, holds } of constraints) {
      if (holds(value)) continue
      told.push(
        inOwnWords ? `${SPECIFIED} ${path} is invalid. ${sentence}` : violation(shape, print, value, path, sentence),
      )
    }
  }
}

function listSentences({ shapes, shape, compiled, print }: Context): Explain {
  const elementName = shape.member!.shape
  const unmet = together(shapeOf(shapes, elementName))
  const inner = compiled(elementName)
  return (value, path, told) => {
    const elements = value as unknown[]
    const sentences = unmet(elements)
    if (sentences) told.push(violation(shape, print, value, path, `Member must satisfy constraint: ${sentences}`))
    for (const [index, element] of elements.entries()) {
      if (element !== null) inner(element, `${path}.${index + 1}.member`, told)
    }
  }
}

function mapSentences({ shapes, shape, compiled, print }: Context): Explain {
  const unmetByKeys = together(shapeOf(shapes, shape.key!.shape))
  const unmetByValues = together(shapeOf(shapes, shape.value!.shape))
  const inner = compiled(shape.value!.shape)
  return (value, path, told) => {
    const entries = Object.entries(value as Record<string, unknown>)
    const tell = (sentence: string) => told.push(violation(shape, print, value, path, sentence))
    const aboutKeys = unmetByKeys(entries.map(([key]) => key))
    if (aboutKeys) tell(`Map keys must satisfy constraint: ${aboutKeys}`)
    const aboutValues = unmetByValues(entries.map(([, entry]) => entry))
    if (aboutValues) tell(`Map value must satisfy constraint: ${aboutValues}`)
    for (const [key, entry] of entries) if (entry !== null) inner(entry, `${path}.${key}.member`, told)
  }
}

/** All constraints of an element in brackets, when some element breaks some of them. */
function together(element: ShapeTable): (elements: unknown[]) => string | undefined {
  const constraints = elementConstraints(element)
  return (elements) => {
    const hasNull = elements.includes(null)
    const fine = elements.every((item) => item === null || constraints.every(({ holds }) => holds(item)))
    if (fine && !hasNull) return undefined
    const sentences = constraints.map(({ sentence }) => sentence)
    return `[${(hasNull ? [...sentences, NOT_NULL] : sentences).join(', ')}]`
  }
}

function violation(shape: ShapeTable, print: Printer, value: unknown, path: string, sentence: string): string {
  const shown = shape.sensitive ? '' : ` '${print(value)}'`
  return `Value${shown} at '${path}' failed to satisfy constraint: ${sentence}`
}

/** AWS's message for a `ValidationException`. One violation that is told in words of its own is all there is to say. */
export function validationMessage(violations: readonly string[]): string {
  const [first = ''] = violations
  if (violations.length === 1 && first.startsWith(SPECIFIED)) return first
  const noun = violations.length === 1 ? 'validation error' : 'validation errors'
  return `${violations.length} ${noun} detected: ${violations.join('; ')}`
}
