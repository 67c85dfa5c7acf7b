import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Keyring, masterKey, SealBroken, sealedUnder } from './vault.ts'

const older = masterKey(randomBytes(32))
const newer = masterKey(randomBytes(32))

test('what the vault sealed opens under the same words, and under no others', () => {
  const vault = new Keyring(newer)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.string(), (plain, aad, other) => {
      const sealed = vault.seal(plain, aad)
      assert.deepEqual(vault.open(sealed, aad), Buffer.from(plain))
      if (aad !== other) assert.throws(() => vault.open(sealed, other), SealBroken)
    }),
  )
})

test('no byte of an envelope can be changed, and none cut off', () => {
  const vault = new Keyring(newer, [older])
  const sealed = vault.seal(Buffer.from('secret'), 'whose')
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed)
    changed[i]! ^= 128
    assert.throws(() => vault.open(changed, 'whose'), SealBroken, `byte ${i}`)
    assert.throws(() => vault.open(sealed.subarray(0, i), 'whose'), SealBroken)
  }
})

test('an envelope names its master key: an older one opens it for as long as it is in the ring', () => {
  const vault = new Keyring(older)
  const sealed = vault.seal(Buffer.from('secret'), 'whose')
  vault.renew(newer)
  assert.equal(sealedUnder(sealed), older.id)
  assert.equal(sealedUnder(vault.seal(Buffer.from('secret'), 'whose')), newer.id)
  assert.equal(vault.open(sealed, 'whose').toString(), 'secret')
  vault.forget(older.id)
  assert.throws(() => vault.open(sealed, 'whose'), { name: 'SealBroken', masterKeyId: older.id })
  assert.throws(() => vault.forget(newer.id))
})

test('the id of a master key is always the same, and a master key has 32 bytes', () => {
  assert.equal(masterKey(newer.secret).id, newer.id)
  assert.match(newer.id, /^[0-9a-f]{16}$/)
  assert.throws(() => masterKey(randomBytes(31)), /has 32 bytes, not 31/)
})
