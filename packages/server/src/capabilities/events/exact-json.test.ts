import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseExactly } from './exact-json.ts'

const through = (text: string) => JSON.stringify(parseExactly(text))

test('EVT-03 a number by itself is a number', () => {
  assert.deepEqual(['1.0', ' 12345678901234567890 '].map(parseExactly), [1, 12345678901234567000])
})

test('EVT-03 numbers stay as they were written', () => {
  const numbers = [
    '12345678901234567890',
    '1.0',
    '1.50',
    '-0',
    '-0.0',
    '1e3',
    '1E-7',
    '0.0000001',
    '1e999',
    '100',
    '0.1',
  ]
  for (const number of [...numbers, '0.30000000000000004', '-9007199254740993', '0', '10', '-10.5', '1.05']) {
    assert.equal(through(`{"n":${number}}`), `{"n":${number}}`)
    assert.equal(through(`[${number},${number}]`), `[${number},${number}]`)
    assert.equal(through(`{ "n" : { "m" : ${number} } }`), `{"n":{"m":${number}}}`)
  }
  assert.equal(
    through('{"a":"1.0 12345678901234567890","__proto__":2.0}'),
    '{"a":"1.0 12345678901234567890","__proto__":2.0}',
  )
})

test('EVT-03 whatever a number looks like, it stays', () => {
  const digits = (min: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},20}$`))
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 22n }),
      digits(0),
      fc.constantFrom('', 'e5', 'E-3', 'e+300'),
    )
    .map(([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction && `.${fraction}`}${exponent}`)
  fc.assert(fc.property(number, (text) => assert.equal(through(`{"n":${text}}`), `{"n":${text}}`)))
})
