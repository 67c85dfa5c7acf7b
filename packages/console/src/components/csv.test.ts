import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { csvOf } from './csv.ts'

/** What a spreadsheet reads. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[=+\-@\t\r\n",;a1.]{0,6}$/))
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }))

test('a spreadsheet reads the cells that were written', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const read = rowsOf(csvOf(given))
      assert.deepEqual(
        read.map((row) => row.length),
        given.map((row) => row.length),
      )
      for (const [r, row] of given.entries())
        for (const [c, text] of row.entries()) assert.ok([text, `'${text}`].includes(read[r]![c]!))
    }),
  )
})

test('no cell of a CSV file is a formula, and numbers stay numbers', () => {
  fc.assert(
    fc.property(rows, (given) => {
      for (const text of rowsOf(csvOf(given)).flat()) assert.match(text, /^(?![=+\-@\t\r\n])|^-\d+([.,]\d+)?$/)
    }),
  )
  assert.equal(
    csvOf([['=1+1', '-3.5', '-3+cmd', '@x', '+49', 'a,"b"', '\n=1']]).replace('\r\n', ''),
    `'=1+1,-3.5,'-3+cmd,'@x,'+49,"a,""b""","'\n=1"`,
  )
})
