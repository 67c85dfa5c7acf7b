import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable } from './printable.ts'

test('output cannot write over the screen', () => {
  assert.equal(printable('\x1b[2J\x1b[31mred\x1b[0m\ttab\x07\r\x9b'), 'red tab   ')
  assert.equal(printable('web-\u202e7-bd\u2028'), 'web- 7-bd ')
})
