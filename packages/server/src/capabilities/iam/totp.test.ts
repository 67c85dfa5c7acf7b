import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeNumberAt, codeOf, findCodes, toBase32 } from './totp.ts'

const SEED = Buffer.from('12345678901234567890')

test('codes are those of RFC 6238’s table', () => {
  // Its codes have eight digits, of which ours are the last six.
  const table: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of table) assert.equal(codeOf(SEED, codeNumberAt(new Date(seconds * 1000))), code)
})

test('codes in a row are found near where they are due, and nowhere else', () => {
  const codes = [codeOf(SEED, 1000), codeOf(SEED, 1001)]
  assert.equal(findCodes(SEED, codes, 1003, 2), 1001)
  assert.equal(findCodes(SEED, codes, 999, 2), 1001)
  assert.equal(findCodes(SEED, codes, 1004, 2), undefined)
  assert.equal(findCodes(SEED, codes.toReversed(), 1001, 5), undefined)
})

test('seeds are written as RFC 4648’s examples of Base32', () => {
  const examples = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB' }
  for (const [text, base32] of Object.entries(examples)) assert.equal(toBase32(Buffer.from(text)), base32)
})
