/**
 * What a report says, as one CSV file (RFC 4180): each line tells in its first column what it is about. `Report` lines are facts, such as who
 * asked; `Node` lines how each node in scope stands, `Type` lines how each type does on it; `Item` lines are what is not compliant; `Total` lines
 * are the sums. A spreadsheet would run a cell that begins like a formula, so such cells begin with an apostrophe. Pure.
 */

export const COLUMNS = [
  'Record',
  'InstanceId',
  'NodeName',
  'ComplianceType',
  'Id',
  'Title',
  'Severity',
  'Status',
  'Since',
  'ExecutionTime',
  'ExecutionId',
  'CompliantItems',
  'NonCompliantItems',
  'Value',
] as const

export type Column = (typeof COLUMNS)[number]

export interface ContentRow extends Partial<Readonly<Record<Column, string>>> {
  readonly Record: 'Report' | 'Node' | 'Type' | 'Item' | 'Total'
}

/** Of a node that never reported anything that the report is about. */
export const NEVER_REPORTED = 'NEVER_REPORTED'

export function headerLine(): string {
  return `${COLUMNS.join(',')}\r\n`
}

export function lineOf(row: ContentRow): string {
  return `${COLUMNS.map((column) => cell(row[column] ?? '')).join(',')}\r\n`
}

const FORMULA = /^'*[=+\-@\t\r\n]/

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Reads the lines of a content again, a piece at a time: pieces are cut between lines. */
export function* rowsOf(piece: string): Generator<ContentRow> {
  let cells: string[] = []
  for (const [, quoted, plain, end] of piece.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/g)) {
    const text = quoted === undefined ? plain! : quoted.replaceAll('""', '"')
    cells.push(FORMULA.test(text.slice(1)) && text.startsWith("'") ? text.slice(1) : text)
    if (end === ',') continue
    if (cells[0] !== 'Record')
      yield Object.fromEntries(COLUMNS.map((column, at) => [column, cells[at] ?? ''])) as unknown as ContentRow
    cells = []
  }
}
