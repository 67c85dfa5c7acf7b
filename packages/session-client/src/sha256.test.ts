import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '#sha256.ts'

test('digests are those of Node, at every length around a block', () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length)
    assert.deepEqual(Buffer.from(sha256(bytes)), hash('sha256', bytes, 'buffer'))
  }
})

test('digests are those of Node, for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      assert.deepEqual(Buffer.from(sha256(bytes)), hash('sha256', bytes, 'buffer'))
    }),
  )
})
