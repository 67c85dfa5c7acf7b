// Finds programming mistakes in what a handler returns: for tests and development, never in answers to clients.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import type { ShapeTable } from './service-table.ts'

type Inspect = (value: unknown, path: string, problems: string[]) => void

/** For each shape of a service: problems of a value as short sentences, none when it fits the model. */
export function outputChecks(shapes: Shapes): (shapeName: string) => (value: unknown) => string[] {
  const inspect = compileShapes<[unknown, string, string[]], void>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    const inner = innerInspection(shape, compiled)
    return (value, path, problems) => {
      if (!hasType(shape, value)) problems.push(`${path} must be ${EXPECTED[shape.type]}, not ${nameOf(value)}`)
      else inner(value, path, problems)
    }
  })
  return (shapeName) => {
    const root = inspect(shapeName)
    return (value) => {
      const problems: string[] = []
      root(value, shapeName, problems)
      return problems
    }
  }
}

const EXPECTED: Record<ShapeTable['type'], string> = {
  structure: 'an object',
  list: 'an array',
  map: 'an object',
  string: 'a string',
  integer: 'a whole number',
  long: 'a whole number',
  float: 'a number',
  double: 'a number',
  boolean: 'a boolean',
  timestamp: 'a valid Date',
  blob: 'a Uint8Array',
}

function hasType(shape: ShapeTable, value: unknown): boolean {
  switch (shape.type) {
    case 'structure':
      return shape.document === true || isPlainObject(value)
    case 'map':
      return isPlainObject(value)
    case 'list':
      return Array.isArray(value)
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value)
    case 'float':
    case 'double':
      return typeof value === 'number'
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime())
    case 'blob':
      return value instanceof Uint8Array || (shape.streaming === true && isStream(value))
    default:
      return typeof value === shape.type
  }
}

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  )
}

function innerInspection(shape: ShapeTable, compiled: (shapeName: string) => Inspect): Inspect {
  if (shape.type === 'structure') return shape.document ? () => {} : structureInspection(shape, compiled)
  if (shape.type === 'list') return listInspection(compiled(shape.member!.shape))
  if (shape.type === 'map') return mapInspection(compiled(shape.key!.shape), compiled(shape.value!.shape))
  if (shape.enum) return enumInspection(new Set<unknown>(shape.enum))
  return () => {}
}

function structureInspection(shape: ShapeTable, compiled: (shapeName: string) => Inspect): Inspect {
  const members = new Map(Object.entries(shape.members ?? {}).map(([name, member]) => [name, compiled(member.shape)]))
  return (value, path, problems) => {
    const fields = value as Record<string, unknown>
    for (const name of shape.required ?? []) {
      if (fields[name] === undefined) problems.push(`${path}.${name} is required`)
    }
    for (const [name, field] of Object.entries(fields)) {
      const inspect = members.get(name)
      if (!inspect) problems.push(`${path}.${name} is not in the model`)
      else if (field !== undefined) inspect(field, `${path}.${name}`, problems)
    }
  }
}

function listInspection(inspect: Inspect): Inspect {
  return (value, path, problems) => {
    for (const [index, element] of (value as unknown[]).entries()) inspect(element, `${path}[${index}]`, problems)
  }
}

function mapInspection(inspectKey: Inspect, inspectValue: Inspect): Inspect {
  return (value, path, problems) => {
    for (const [key, entry] of Object.entries(value as Record<string, unknown>)) {
      inspectKey(key, `${path} key`, problems)
      if (entry !== undefined) inspectValue(entry, `${path}[${JSON.stringify(key)}]`, problems)
    }
  }
}

function enumInspection(values: ReadonlySet<unknown>): Inspect {
  return (value, path, problems) => {
    if (!values.has(value)) problems.push(`${path} must not be ${JSON.stringify(value)}: not in the enumeration`)
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return value instanceof Date ? 'a Date' : `${typeof value} ${String(value)}`
}
