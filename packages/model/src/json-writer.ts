// Writes values as AWS JSON: dates as epoch seconds with milliseconds, bytes as base64, members that are undefined or that
// the shape does not have left out. A shape without dates and bytes inside needs no conversion, only its members picked.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import type { ShapeReference, TimestampFormat } from './service-table.ts'
import { formatTimestamp } from './timestamps.ts'

/** Turns a value into what `JSON.stringify` writes. */
export type Writer = (value: unknown) => unknown

/** Writers for the shapes of one service. */
export function jsonWriters(shapes: Shapes): (shapeName: string) => Writer {
  return compileShapes<[unknown], unknown>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    const of = (reference: ShapeReference) => referenceWriter(shapes, reference, compiled)
    switch (shape.type) {
      case 'structure':
        return shape.document ? same : structureWriter(shape.members ?? {}, of)
      case 'list':
        return listWriter(of(shape.member!))
      case 'map':
        return mapWriter(of(shape.value!))
      case 'timestamp':
        return timestampWriter(shape.timestampFormat)
      case 'blob':
        return (value) => Buffer.from(value as Uint8Array).toString('base64')
      default:
        return same
    }
  })
}

const same: Writer = (value) => value

function referenceWriter(shapes: Shapes, reference: ShapeReference, compiled: (shapeName: string) => Writer): Writer {
  const isTimestamp = shapeOf(shapes, reference.shape).type === 'timestamp'
  if (isTimestamp && reference.timestampFormat) return timestampWriter(reference.timestampFormat)
  return compiled(reference.shape)
}

function timestampWriter(format: TimestampFormat | undefined): Writer {
  if (format === undefined || format === 'unixTimestamp') return (value) => (value as Date).getTime() / 1000
  return (value) => formatTimestamp(value as Date, format)
}

function structureWriter(members: Record<string, ShapeReference>, of: (reference: ShapeReference) => Writer): Writer {
  const writers = Object.entries(members).map(([name, member]) => ({
    name,
    wireName: member.locationName ?? name,
    write: of(member),
  }))
  return (value) => {
    const fields = value as Record<string, unknown>
    const out: Record<string, unknown> = {}
    for (const { name, wireName, write } of writers) {
      const field = fields[name]
      if (field !== undefined && field !== null) out[wireName] = write(field)
    }
    return out
  }
}

function listWriter(write: Writer): Writer {
  if (write === same) return same
  return (value) => (value as unknown[]).map((element) => (element === null ? null : write(element)))
}

function mapWriter(write: Writer): Writer {
  return (value) => {
    const out: Record<string, unknown> = Object.create(null)
    for (const [key, entry] of Object.entries(value as Record<string, unknown>)) {
      if (entry !== undefined) out[key] = entry === null ? null : write(entry)
    }
    return out
  }
}
