import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packedSize } from './session-policies.ts'
import { checkTags, sessionTags } from './session-tags.ts'

const pairs = (...keys: string[]) => keys.map((Key) => ({ Key, Value: `${Key}!` }))
const INVALID = { code: 'InvalidParameterValue' }

test('X-14 a session has the tags handed in, and those that are passed on and no others', () => {
  assert.deepEqual(sessionTags({}), {})
  const from = { tags: { team: 'blue', desk: '7' }, transitiveTagKeys: ['team'] }
  assert.deepEqual(sessionTags({}, from), { tags: { team: 'blue' }, transitiveTagKeys: ['team'] })
  assert.deepEqual(sessionTags({ Tags: pairs('floor'), TransitiveTagKeys: ['floor'] }, from), {
    tags: { team: 'blue', floor: 'floor!' },
    transitiveTagKeys: ['team', 'floor'],
  })
})

test('X-14 tags of a session are distinct, not reserved, fifty at most, and replace nothing that is passed on', () => {
  const many = pairs(...Array.from({ length: 50 }, (_, i) => `k${i}`))
  checkTags({ Tags: many })
  assert.throws(() => checkTags({ Tags: many }, { tags: { a: '' }, transitiveTagKeys: ['a'] }), INVALID)
  assert.throws(() => checkTags({ Tags: pairs('a', 'A') }), INVALID)
  assert.throws(() => checkTags({ Tags: pairs('AWS:a') }), INVALID)
  assert.throws(() => checkTags({ Tags: pairs('A') }, { tags: { a: '' }, transitiveTagKeys: ['a'] }), INVALID)
  assert.throws(() => checkTags({ Tags: pairs('a'), TransitiveTagKeys: ['b'] }), INVALID)
  checkTags({ Tags: pairs('a'), TransitiveTagKeys: ['A', 'c'] }, { tags: { c: '' }, transitiveTagKeys: ['c'] })
})

test('policies and tags of a session have a size only if there are any, and a limit', () => {
  assert.equal(packedSize({}), undefined)
  assert.equal(packedSize({ policies: ['{}'] }), 1)
  assert.ok(packedSize({ tags: { team: 'blue' } })! > 0)
  assert.throws(() => packedSize({ policies: [' '.repeat(2049)] }), { code: 'PackedPolicyTooLarge' })
})
