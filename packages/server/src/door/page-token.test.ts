import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PageTokens } from './page-token.ts'

const tokens = new PageTokens(Buffer.alloc(32, 1))
const invalid = { name: 'ApiError', code: 'InvalidNextToken' }

test('X-08 a token brings its cursor back, whatever that is, also to another server with the same key', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (cursor, binding) => {
      const token = tokens.seal(cursor, binding)
      assert.match(token, /^[\w-]+$/)
      const copy = JSON.parse(JSON.stringify(cursor))
      assert.deepEqual(new PageTokens(Buffer.alloc(32, 1)).open(token, binding), copy)
    }),
  )
})

test('X-08 a token that is bound otherwise, changed, cut, made up or sealed elsewhere is InvalidNextToken', () => {
  const token = tokens.seal({ after: 'x' }, 'binding')
  assert.throws(() => tokens.open(token, 'other binding'), invalid)
  assert.throws(() => new PageTokens(Buffer.alloc(32, 2)).open(token, 'binding'), invalid)
  const bytes = Buffer.from(token, 'hex')
  const changed = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
    const copy = Buffer.from(bytes)
    copy[at]! ^= mask
    return copy.toString('hex')
  })
  const cut = fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length).toString('hex'))
  fc.assert(
    fc.property(fc.oneof(changed, cut, fc.string(), fc.base64String()), (forged) => {
      assert.throws(() => tokens.open(forged, 'binding'), invalid)
    }),
  )
})
