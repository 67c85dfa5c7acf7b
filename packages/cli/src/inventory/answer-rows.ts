/** What nodes answer to a live query: rows of columns, one line of JSON each. Pure. */
import { UsageFault } from '#fault.ts'

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** The rows of an output, and whether all of it could be read: an agent may have had no room for its end. */
export function rowsOf(output: string): { rows: Row[]; whole: boolean } {
  const rows: Row[] = []
  for (const line of output.split('\n')) {
    if (line.trim() === '') continue
    const row = toRow(line)
    if (!row) return { rows, whole: false }
    rows.push(row)
  }
  return { rows, whole: true }
}

function toRow(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined
  } catch {
    return undefined
  }
}

/** The names of all columns, in the order in which they first come. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

export function textOf(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell)
}

export interface Condition {
  readonly column: string
  readonly operator: '=' | '!=' | '~' | '<' | '>'
  readonly value: string
}

/** `user=root`, `user!=root`, `command~nginx` (a part, whatever its case), `memory_kb>1000`. */
export function parseCondition(text: string): Condition {
  const [, column, operator, value] = /^(\w+)(!=|=|~|<|>)(.*)$/s.exec(text) ?? []
  if (!column || value === undefined) {
    throw new UsageFault(`A condition is COLUMN=VALUE, or with !=, ~ (contains), < or >, not '${text}'.`)
  }
  return { column, operator: operator as Condition['operator'], value }
}

/** Whether a row fulfils all conditions. Numbers are compared as numbers where both sides are. */
export function fulfils(row: Row, conditions: readonly Condition[]): boolean {
  return conditions.every(({ column, operator, value }) => TESTS[operator](textOf(row[column]), value))
}

const TESTS: Readonly<Record<Condition['operator'], (text: string, value: string) => boolean>> = {
  '=': (text, value) => text === value,
  '!=': (text, value) => text !== value,
  '~': (text, value) => text.toLowerCase().includes(value.toLowerCase()),
  '<': (text, value) => text !== '' && order(text, value) < 0,
  '>': (text, value) => text !== '' && order(text, value) > 0,
}

function order(one: string, other: string): number {
  const difference = Number(one) - Number(other)
  return Number.isNaN(difference) ? Number(one > other) - Number(one < other) : difference
}
