import assert from 'node:assert/strict'
import { test } from 'node:test'
import { castLine, parseCastLine } from '@steward/protocol/recording/cast.ts'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import fc from 'fast-check'
import { outputLine } from './cast-output.ts'

test('SM-12 a line of output is what JSON would make of it, and has the same bytes in it', () => {
  const special = fc.constantFrom('\x1b', '"', '\\', '\n', '\u2028', '\x7f', '\x9b')
  const text = fc.array(fc.oneof(special, fc.string({ unit: 'grapheme' }))).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (data) => {
      assert.equal(outputLine(1234, Buffer.from(data)).toString(), castLine({ milliseconds: 1234, code: 'o', data }))
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const event = parseCastLine(outputLine(0, Buffer.from(bytes)).toString())!
      assert.deepEqual(Buffer.from(losslessBytes(event.data)), Buffer.from(bytes))
    }),
  )
})
