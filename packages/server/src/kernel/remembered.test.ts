import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rememberedByText } from './remembered.ts'

test('a text is worked on once, and the oldest is forgotten when the room is used up', () => {
  const made: string[] = []
  const upper = rememberedByText(6, (text) => {
    made.push(text)
    return { upper: text.toUpperCase() }
  })
  assert.equal(upper('abc'), upper('abc'))
  upper('def')
  assert.deepEqual(made, ['abc', 'def'])
  upper('ghi')
  upper('def')
  upper('abc')
  assert.deepEqual(made, ['abc', 'def', 'ghi', 'abc'])
})

test('a text that is longer than all the room is made each time', () => {
  let made = 0
  const count = rememberedByText(2, () => ++made)
  assert.equal(count('long'), 1)
  assert.equal(count('long'), 2)
})
