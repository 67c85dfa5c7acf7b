import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { combineOutput, limitStream } from '#commands/output-limits.ts'

const a = (length: number) => Buffer.alloc(length, 'a')
const b = (length: number) => Buffer.alloc(length, 'b')

test('RC-20 a stream of 23,999 bytes is whole, of 24,000 it is cut', () => {
  assert.equal(limitStream(a(23_999)), 'a'.repeat(23_999))
  assert.equal(limitStream(a(24_000)), `${'a'.repeat(23_980)}--output truncated--`)
  assert.equal(limitStream(a(90_000)).length, 24_000)
})

test('a short output is stdout, and stderr below a title', () => {
  assert.equal(combineOutput(Buffer.from('out\n'), Buffer.alloc(0)), 'out\n')
  assert.equal(combineOutput(Buffer.from('out\n'), Buffer.from('err')), 'out\n\n----------ERROR-------\nerr')
})

test('when both are long, each is cut to half', () => {
  const text = combineOutput(a(3000), b(3000))
  assert.equal(text.length, 2500)
  assert.match(text, /^a{1215}\n---Output truncated---\n----------ERROR-------\nb{1215}\n---Error truncated----$/)
})

test('when one is long, only that one is cut', () => {
  assert.match(combineOutput(a(3000), b(10)), /^a+\n---Output truncated---\n----------ERROR-------\nb{10}$/)
  assert.match(combineOutput(a(10), b(3000)), /^a{10}\n----------ERROR-------\nb+\n---Error truncated----$/)
  assert.match(combineOutput(a(3000), Buffer.alloc(0)), /^a+\n---Output truncated---$/)
})

test('no output is longer than 2,500 bytes', () => {
  fc.assert(
    fc.property(fc.nat({ max: 6000 }), fc.nat({ max: 6000 }), (out, err) => {
      assert.ok(combineOutput(a(out), b(err)).length <= 2500)
    }),
  )
})
