import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Sha256, sha256 } from '#sha256.ts'

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

test('a digest in pieces is that of the whole, and can be asked for on the way', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 })
  fc.assert(
    fc.property(pieces, (parts) => {
      const digest = new Sha256()
      for (const [index, part] of parts.entries()) {
        digest.update(part)
        const soFar = Buffer.concat(parts.slice(0, index + 1))
        assert.equal(digest.hex(), hash('sha256', soFar))
      }
    }),
  )
})
