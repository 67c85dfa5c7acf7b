import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { incompleteTail } from '#sessions/whole-characters.ts'

test('SM-17 text that is cut anywhere is completed by what follows, and never held back when it is whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat(), (text, where) => {
      const bytes = Buffer.from(text)
      assert.equal(incompleteTail(bytes), 0)
      const cut = bytes.subarray(0, where % (bytes.length + 1))
      const whole = cut.subarray(0, cut.length - incompleteTail(cut)).toString()
      assert.ok(text.startsWith(whole) && !whole.includes('\ufffd') === !text.slice(0, whole.length).includes('\ufffd'))
    }),
  )
})

test('SM-17 bytes that are no characters are not waited for', () => {
  for (const bytes of [[0xff], [0x80], [0x80, 0x80, 0x80], [0xf8, 0x80], []]) {
    assert.equal(incompleteTail(Uint8Array.from(bytes)), 0)
  }
  assert.equal(incompleteTail(Uint8Array.from([0x61, 0xf0, 0x9f, 0x98])), 3)
})
