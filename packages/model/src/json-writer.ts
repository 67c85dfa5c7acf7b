// Writes values as AWS JSON: dates as epoch seconds with milliseconds, bytes as base64, members that are undefined or that
// the shape does not have left out. A shape without dates and bytes inside needs no conversion, only its members picked.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'
import type { ShapeReference, TimestampFormat } from './service-table.ts'
import { structureRewriter } from './structure-rewriter.ts'
import { formatTimestamp } from './timestamps.ts'

/** Turns a value into what `JSON.stringify` writes. */
export type Writer = (value: unknown) => unknown

/** Writers for the shapes of one service. */
export function jsonWriters(shapes: Shapes): (shapeName: string) => Writer {
  return compileShapes<[unknown], unknown>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    switch (shape.type) {
      case 'structure':
        return shape.document ? same : structureWriter(shape.members ?? {}, compiled)
      case 'list':
        return listWriter(compiled(shape.member!.shape))
      case 'map':
        return mapWriter(compiled(shape.value!.shape))
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

function timestampWriter(format: TimestampFormat = 'unixTimestamp'): Writer {
  if (format === 'unixTimestamp') return (value) => (value as Date).getTime() / 1000
  return (value) => formatTimestamp(value as Date, format)
}

function structureWriter(members: Record<string, ShapeReference>, compiled: (shapeName: string) => Writer): Writer {
  const rewritten = Object.entries(members).map(([name, member]) => {
    const write = compiled(member.shape)
    return { from: name, to: name, rewrite: write === same ? undefined : write }
  })
  return structureRewriter(rewritten) as Writer
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
