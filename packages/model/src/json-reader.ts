// Turns parsed JSON into values: Dates for timestamps, bytes for blobs, unknown and null members dropped. A value that
// needs no change is returned as it came, without a copy; Dates and bytes that another protocol has read already pass too.
// A value of the wrong JSON type is a SerializationError with the
// words of AWS's JSON services (as recorded from DynamoDB and Kinesis; all of them share one framework).
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import type { ShapeReference } from './service-table.ts'
import { parseTimestamp } from './timestamps.ts'

/** The request cannot be read at all: AWS's `SerializationException`. */
export class SerializationError extends Error {
  override name = 'SerializationError'
}

export type Reader = (raw: unknown) => unknown

const INT_MAX = 2 ** 31 - 1
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Readers for the shapes of one service. */
export function jsonReaders(shapes: Shapes): (shapeName: string) => Reader {
  return compileShapes<[unknown], unknown>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    switch (shape.type) {
      case 'structure':
        return shape.document ? (raw) => raw : structureReader(shape.members ?? {}, compiled)
      case 'list':
        return listReader(compiled(shape.member!.shape))
      case 'map':
        return mapReader(compiled(shape.value!.shape))
      case 'timestamp':
        return shape.timestampFormat ? toDateFromText : toDate
      default:
        return SCALAR_READERS[shape.type]
    }
  })
}

function structureReader(members: Record<string, ShapeReference>, compiled: (shapeName: string) => Reader): Reader {
  const readers = new Map(Object.entries(members).map(([name, member]) => [name, compiled(member.shape)]))
  return (raw) => {
    if (!isObject(raw)) throw unexpected(raw)
    let copy: Record<string, unknown> | undefined
    for (const name in raw) {
      const before = raw[name]
      const reader = readers.get(name)
      const after = before === null || reader === undefined ? undefined : before === undefined ? before : reader(before)
      if (after !== before) copy ??= copyUntil(raw, name)
      if (copy && after !== undefined) copy[name] = after
    }
    return copy ?? raw
  }
}

function mapReader(reader: Reader): Reader {
  const readOrNull = (raw: unknown) => (raw === null ? null : reader(raw))
  return (raw) => {
    if (!isObject(raw)) throw unexpected(raw)
    for (const key in raw) {
      if (readOrNull(raw[key]) !== raw[key]) {
        return Object.fromEntries(Object.entries(raw).map(([name, entry]) => [name, readOrNull(entry)]))
      }
    }
    return raw
  }
}

function listReader(reader: Reader): Reader {
  return (raw) => {
    if (!Array.isArray(raw)) throw unexpected(raw)
    let copy: unknown[] | undefined
    for (let index = 0; index < raw.length; index++) {
      const before = raw[index] as unknown
      const after = before === null ? null : reader(before)
      if (after !== before) copy ??= raw.slice(0, index)
      if (copy) copy.push(after)
    }
    return copy ?? raw
  }
}

/** What was kept before the first member that changes. */
function copyUntil(raw: Record<string, unknown>, end: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const name in raw) {
    if (name === end) break
    copy[name] = raw[name]
  }
  return copy
}

const SCALAR_READERS = {
  string: (raw: unknown) => (typeof raw === 'string' ? raw : fail(raw, 'String')),
  integer: (raw: unknown) => (isInt(raw) ? raw : toWhole(raw, 'Integer', -INT_MAX - 1, INT_MAX)),
  long: (raw: unknown) => toWhole(raw, 'Long', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  float: (raw: unknown) => (typeof raw === 'number' ? raw : fail(raw, 'Float')),
  double: (raw: unknown) => (typeof raw === 'number' ? raw : fail(raw, 'Double')),
  boolean: (raw: unknown) => (typeof raw === 'boolean' ? raw : toBoolean(raw)),
  blob: toBytes,
} as const

function isObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

function isInt(raw: unknown): boolean {
  return typeof raw === 'number' && (raw | 0) === raw
}

/** Fractions are cut off and numbers out of range become the nearest in range, as AWS does. */
function toWhole(raw: unknown, type: string, min: number, max: number): number {
  if (typeof raw !== 'number') return fail(raw, type)
  return Math.min(max, Math.max(min, Math.trunc(raw)))
}

function toBoolean(raw: unknown): boolean {
  if (typeof raw !== 'string') return fail(raw, 'Boolean')
  const word = raw.toUpperCase()
  if (word === 'TRUE' || word === 'YES' || word === '1') return true
  if (word === 'FALSE' || word === 'NO' || word === '0') return false
  throw new SerializationError('Unexpected token received from parser')
}

function toDate(raw: unknown): Date {
  if (raw instanceof Date) return raw
  if (typeof raw === 'object') throw unexpected(raw)
  if (typeof raw === 'number') {
    const date = new Date(Math.round(raw * 1000))
    if (!Number.isNaN(date.getTime())) return date
  }
  throw new SerializationError(`${tokenOf(raw)} can not be converted to milliseconds since epoch`)
}

/** For the few shapes that travel as ISO 8601 or HTTP dates. */
function toDateFromText(raw: unknown): Date {
  return (typeof raw === 'string' ? parseTimestamp(raw) : undefined) ?? toDate(raw)
}

function toBytes(raw: unknown): Uint8Array {
  if (raw instanceof Uint8Array) return raw
  if (typeof raw === 'object') return fail(raw, 'ByteBuffer')
  if (typeof raw !== 'string') throw new SerializationError('only base-64-encoded strings are convertible to bytes')
  if (raw.length % 4 !== 0) {
    throw new SerializationError(`Base64 encoded length is expected a multiple of 4 bytes but found: ${raw.length}`)
  }
  if (!BASE64.test(raw)) throw new SerializationError('Invalid Base64 character detected')
  return new Uint8Array(Buffer.from(raw, 'base64'))
}

function fail(raw: unknown, type: string): never {
  if (Array.isArray(raw)) throw new SerializationError(`Unrecognized collection type class ${javaClass(type)}`)
  if (typeof raw === 'object') throw unexpected(raw)
  throw new SerializationError(`${tokenOf(raw)} cannot be converted to ${type}`)
}

function unexpected(raw: unknown): SerializationError {
  if (Array.isArray(raw)) return new SerializationError('Start of list found where not expected')
  if (typeof raw === 'object') return new SerializationError('Start of structure or map found where not expected')
  return new SerializationError('Unexpected field type')
}

function javaClass(type: string): string {
  return type === 'ByteBuffer' ? 'java.nio.ByteBuffer' : `java.lang.${type}`
}

function tokenOf(raw: unknown): string {
  if (typeof raw === 'boolean') return raw ? 'TRUE_VALUE' : 'FALSE_VALUE'
  if (typeof raw === 'number') return Number.isInteger(raw) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE'
  return 'STRING_VALUE'
}
