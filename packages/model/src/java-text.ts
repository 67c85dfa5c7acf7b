// How AWS prints a value inside a validation message: the `toString` of its Java objects.
import { compileShapes, type Shapes, shapeOf } from './compile.ts'

export type Printer = (value: unknown) => string

/** Printers for the shapes of one service. */
export function valuePrinters(shapes: Shapes): (shapeName: string) => Printer {
  return compileShapes<[unknown], string>((shapeName, compiled) => {
    const shape = shapeOf(shapes, shapeName)
    if (shape.sensitive) return () => '***Sensitive Data Redacted***'
    switch (shape.type) {
      case 'structure':
        return structurePrinter(shapeName, shape.members ?? {}, compiled)
      case 'list':
        return listPrinter(compiled(shape.member!.shape))
      case 'map':
        return mapPrinter(compiled(shape.key!.shape), compiled(shape.value!.shape))
      case 'float':
      case 'double':
        return printDouble
      default:
        return printScalar
    }
  })
}

function structurePrinter(
  shapeName: string,
  members: Record<string, { shape: string }>,
  compiled: (shapeName: string) => Printer,
): Printer {
  const printers = Object.entries(members).map(([name, member]) => ({ name, print: compiled(member.shape) }))
  return (value) => {
    const fields = value as Record<string, unknown>
    const printed = printers.map(({ name, print }) => `${lowerFirst(name)}=${printOrNull(fields[name], print)}`)
    return `${shapeName}(${printed.join(', ')})`
  }
}

function listPrinter(print: Printer): Printer {
  return (value) => `[${(value as unknown[]).map((element) => printOrNull(element, print)).join(', ')}]`
}

function mapPrinter(printKey: Printer, printValue: Printer): Printer {
  return (value) => {
    const entries = Object.entries(value as Record<string, unknown>)
    return `{${entries.map(([key, entry]) => `${printKey(key)}=${printOrNull(entry, printValue)}`).join(', ')}}`
  }
}

function printOrNull(value: unknown, print: Printer): string {
  return value === undefined || value === null ? 'null' : print(value)
}

function printScalar(value: unknown): string {
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  return value instanceof Date ? printDate(value) : String(value)
}

/** Java never prints a floating point number without its fraction: `1.0`. */
export function printDouble(value: unknown): string {
  return Number.isInteger(value) ? `${String(value)}.0` : String(value)
}

const DATE_PARTS = new Intl.DateTimeFormat('en-US', { weekday: 'short', month: 'short', timeZone: 'UTC' })

/** `java.util.Date.toString`: `Tue Nov 11 00:00:00 UTC 2014`. */
function printDate(date: Date): string {
  const part = (type: string) => DATE_PARTS.formatToParts(date).find((found) => found.type === type)?.value
  const iso = date.toISOString()
  return `${part('weekday')} ${part('month')} ${iso.slice(8, 10)} ${iso.slice(11, 19)} UTC ${date.getUTCFullYear()}`
}

/** AWS's Java code names members with a lower-case first letter. */
export function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}
