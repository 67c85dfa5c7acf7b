import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForbiddenLines } from './forbidden-lines.ts'

test('SM-22 a line that matches is found as it was shown, once it is complete, wherever frames cut it', () => {
  const lines = new ForbiddenLines(['^\\$ cat /etc/shadow', 'BEGIN .* PRIVATE KEY'])
  const find = (text: string) => lines.find(Buffer.from(text))
  assert.equal(find('$ cat /etc/shadoe\b \bw'), undefined)
  assert.equal(find('\r\n'), '^\\$ cat /etc/shadow')
  assert.equal(find('-----BEGIN \x1b[1mRSA'), undefined)
  assert.equal(find('\x1b[0m PRIVATE KEY-----\r\nabc\r\n'), 'BEGIN .* PRIVATE KEY')
  assert.equal(find('harmless\r\n'), undefined)
})

test('SM-22 a pattern that would be tried for ever is given up, and counts as found', () => {
  const lines = new ForbiddenLines(['(a+)+$'])
  const began = performance.now()
  assert.equal(lines.find(Buffer.from(`${'a'.repeat(60)}!\n`)), '(a+)+$')
  assert.ok(performance.now() - began < 5000)
})
