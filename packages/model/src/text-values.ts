// Values as text, for the protocols that have no types of their own: forms, XML, headers, paths and query strings.
import type { ShapeTable, TimestampFormat } from './service-table.ts'
import { formatTimestamp, parseTimestamp } from './timestamps.ts'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** Text as the value it stands for. What cannot be read stays text, for the reader of the input to refuse. */
export function fromText(shape: ShapeTable, text: string): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return NUMBER.test(text) ? Number(text) : text
    case 'timestamp':
      return parseTimestamp(text) ?? text
    default:
      // Booleans too: the reader knows every spelling that AWS takes.
      return text
  }
}

/** A plain value as text; bytes become base64. The format is for dates whose shape does not name one. */
export function toText(shape: ShapeTable, value: unknown, format: TimestampFormat): string {
  if (value instanceof Date) return formatTimestamp(value, shape.timestampFormat ?? format)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return String(value)
}
