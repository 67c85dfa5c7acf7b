import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { structureRewriter } from './structure-rewriter.ts'

test('each member goes to its name, rewritten if it is to be, and what is absent or null is left out', () => {
  const rewrite = structureRewriter<number>([
    { from: 'Name', to: 'name', rewrite: undefined },
    { from: 'Count', to: 'count', rewrite: (value, extra) => (value as number) + extra },
    { from: 'Missing', to: 'missing', rewrite: () => assert.fail() },
    { from: 'Nothing', to: 'nothing', rewrite: () => assert.fail() },
  ])
  const written = JSON.stringify(rewrite({ Name: '', Count: 0, Nothing: null, Unknown: 1 }, 5))
  assert.equal(written, '{"name":"","count":5}')
})

test('whatever members are called, they are members', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.constant('__proto__'), fc.constant('"];x'))), (names) => {
      const value = Object.fromEntries(names.map((name, index) => [name, index]))
      const rewrite = structureRewriter(names.map((name) => ({ from: name, to: name, rewrite: undefined })))
      assert.deepEqual(Object.entries(rewrite(value, undefined)), Object.entries(value))
    }),
  )
})
