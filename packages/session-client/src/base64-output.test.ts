import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Base64Output } from './base64-output.ts'

test('base64 is decoded wherever it is cut, with line breaks or without', () => {
  const content = randomBytes(1000)
  for (const lines of [76, 10_000]) {
    const printed = Buffer.from(content.toString('base64').replace(new RegExp(`.{${lines}}`, 'g'), '$&\n'))
    for (const length of [1, 3, 77, printed.length]) {
      const output = new Base64Output()
      const pieces = []
      for (let at = 0; at < printed.length; at += length) pieces.push(output.decode(printed.subarray(at, at + length)))
      assert.deepEqual(Buffer.concat(pieces), content)
    }
  }
})
