import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { COLUMNS, type ContentRow, headerLine, lineOf, rowsOf } from './content.ts'

test('CMP-10 the lines of a report are read as they were written, whatever is in them', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('', "'=1", '=1', '@', '"', ',\r\n', "''-x", '\n'),
  )
  const row = fc.tuple(...COLUMNS.slice(1).map(() => text)).map((cells) => ({
    ...(Object.fromEntries(COLUMNS.slice(1).map((column, at) => [column, cells[at]])) as Partial<ContentRow>),
    Record: 'Item' as const,
  }))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 3 }), (rows) => {
      assert.deepEqual(
        [...rowsOf(headerLine() + rows.map(lineOf).join(''))],
        rows.map((row) => ({ ...row })),
      )
    }),
    { numRuns: 30 },
  )
})

test('CMP-10 no cell is a formula to a spreadsheet', () => {
  for (const Title of ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'])
    assert.match(lineOf({ Record: 'Item', Title }), /,"?'[=+\-@\t\r]/)
})
