// Random values that a shape allows, for property tests.
import * as fc from 'fast-check'
import { type Shapes, shapeOf } from '../compile.ts'
import { compilePattern } from '../java-pattern.ts'
import type { ShapeTable } from '../service-table.ts'

/** Below this depth optional members are left out, so that shapes which contain themselves come to an end. */
const DEEPEST = 5
const MOST_ELEMENTS = 3
const LONGEST_FREE_TEXT = 12

/** How the patterns begin that the generator of matching texts cannot read, and texts that match them. */
const EXAMPLES: Record<string, string[]> = {
  '^[a-z0-9]([a-z0-9]|-(?!-))': ['an-alias', 'a2c'],
  '(?i)all|[0-9]{12}': ['all', 'All', '123456789012'],
  '^(?!\\s*$).+': ['x', 'two words', '/a/b:c'],
  '^([\\-]?\\d{4}(?!': ['2026-11-21T10:15:30Z', '2024-02', '2024-W05-1'],
}

/** A pattern that is one class of characters, repeated. */
const REPEATED_CLASS = /^\^?(\[(?:[^\]\\]|\\.)*\])[*+]\$?$/

const known = new WeakMap<Shapes, Map<string, fc.Arbitrary<unknown>>>()

/** Values that meet every constraint of a shape. */
export function arbitraryOf(shapes: Shapes, shapeName: string, depth = 0): fc.Arbitrary<unknown> {
  const built = known.get(shapes) ?? new Map<string, fc.Arbitrary<unknown>>()
  known.set(shapes, built)
  const key = `${shapeName} ${depth}`
  const arbitrary = built.get(key) ?? build(shapes, shapeName, depth)
  built.set(key, arbitrary)
  return arbitrary
}

function build(shapes: Shapes, shapeName: string, depth: number): fc.Arbitrary<unknown> {
  const shape = shapeOf(shapes, shapeName)
  switch (shape.type) {
    case 'structure':
      return structureValue(shapes, shape, depth)
    case 'list':
      return fc.array(arbitraryOf(shapes, shape.member!.shape, depth + 1), sizeOf(shape, depth))
    case 'map':
      return mapValue(shapes, shape, depth)
    case 'string':
      return textValue(shape)
    case 'integer':
      return fc.integer({ min: shape.min ?? -(2 ** 31), max: shape.max ?? 2 ** 31 - 1 })
    case 'long':
      return fc.maxSafeInteger().map((value) => Math.min(shape.max ?? value, Math.max(shape.min ?? value, value)))
    case 'float':
    case 'double':
      return fc.double({ min: shape.min ?? -1e9, max: shape.max ?? 1e9, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_000_000_000_000 }).map((milliseconds) => new Date(milliseconds))
    case 'blob':
      return fc.uint8Array(sizeOf(shape, 0))
  }
}

function structureValue(shapes: Shapes, shape: ShapeTable, depth: number): fc.Arbitrary<unknown> {
  const required = new Set(shape.required)
  const members = Object.entries(shape.members ?? {})
    .filter(([name]) => depth < DEEPEST || required.has(name))
    .map(([name, member]): [string, fc.Arbitrary<unknown>] => [name, arbitraryOf(shapes, member.shape, depth + 1)])
  if (shape.union)
    return fc.oneof(...members.map(([name, value]) => fc.record({ [name]: value }, { noNullPrototype: true })))
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true })
}

function mapValue(shapes: Shapes, shape: ShapeTable, depth: number): fc.Arbitrary<unknown> {
  const { minLength, maxLength } = sizeOf(shape, depth)
  const anyKey = arbitraryOf(shapes, shape.key!.shape, depth + 1) as fc.Arbitrary<string>
  // AWS's SDK loses this one key by assigning to it, so nothing can be shown through the SDK with it.
  const key = anyKey.filter((text) => text !== '__proto__')
  const value = arbitraryOf(shapes, shape.value!.shape, depth + 1)
  return fc.dictionary(key, value, { minKeys: minLength, maxKeys: maxLength, noNullPrototype: true })
}

function sizeOf(shape: ShapeTable, depth: number): { minLength: number; maxLength: number } {
  const minLength = shape.min ?? 0
  const maxLength =
    depth >= DEEPEST ? minLength : Math.min(shape.max ?? Number.POSITIVE_INFINITY, minLength + MOST_ELEMENTS)
  return { minLength, maxLength }
}

function textValue(shape: ShapeTable): fc.Arbitrary<string> {
  if (shape.enum) return fc.constantFrom(...shape.enum)
  const min = shape.min ?? 0
  const max = shape.max ?? Number.POSITIVE_INFINITY
  if (!shape.pattern) {
    return fc.string({ minLength: min, maxLength: Math.min(max, min + LONGEST_FREE_TEXT), unit: 'grapheme-ascii' })
  }
  const matches = compilePattern(shape.pattern)
  return matchingText(shape.pattern, min, max).filter(
    (text) => text.length >= min && text.length <= max && matches(text),
  )
}

function matchingText(pattern: string, min: number, max: number): fc.Arbitrary<string> {
  const unreadable = Object.keys(EXAMPLES).find((start) => pattern.startsWith(start))
  if (unreadable) return fc.constantFrom(...EXAMPLES[unreadable]!)
  const characters = REPEATED_CLASS.exec(pattern)?.[1]
  // Random repetition would seldom be as long as it must.
  const source = characters ? `${characters}{${min},${Math.min(max, min + LONGEST_FREE_TEXT)}}` : pattern
  return fc.stringMatching(toRegex(`^(?:${source})$`))
}

function toRegex(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}
