import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LosslessDecoder, losslessBytes } from './lossless-text.ts'

test('SM-12 text that is UTF-8 stays as it is, wherever it is cut', () => {
  const bytes = new TextEncoder().encode('\ufeffGrüße, 世界 🎉!')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new LosslessDecoder()
    const text = decoder.decode(bytes.subarray(0, cut)) + decoder.decode(bytes.subarray(cut)) + decoder.end()
    assert.equal(text, '\ufeffGrüße, 世界 🎉!')
  }
})

test('SM-12 any bytes come back the same', () => {
  const bits = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
    fc.constantFrom(Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0xf4, 0x90, 0x80, 0x80), Uint8Array.of(0xc0, 0x80)),
  )
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 12 }), (pieces) => {
      const decoder = new LosslessDecoder()
      const text = pieces.map((piece) => decoder.decode(piece)).join('') + decoder.end()
      const again = JSON.parse(JSON.stringify(text)) as string
      assert.deepEqual(Buffer.from(losslessBytes(again)), Buffer.concat(pieces))
    }),
  )
})
