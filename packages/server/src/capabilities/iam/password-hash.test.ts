import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, isPassword } from './password-hash.ts'

test('a password is known again, whatever its accents are composed of, and nothing else is', async () => {
  const hashed = await hashPassword('Caf\u00e9-1')
  assert.match(hashed, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.equal(await isPassword('Caf\u00e9-1', hashed), true)
  assert.equal(await isPassword('Cafe\u0301-1', hashed), true)
  assert.equal(await isPassword('Cafe-1', hashed), false)
  assert.equal(await isPassword('', hashed), false)
})

test('the same password has another hash each time, and no password is that of nobody', async () => {
  assert.notEqual(await hashPassword('same'), await hashPassword('same'))
  assert.equal(await isPassword('', undefined), false)
  assert.equal(await isPassword('x', 'not a hash'), false)
})
