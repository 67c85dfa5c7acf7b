import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePublicKey } from './public-key.ts'
import { newKey } from './testing/fake-node.ts'

const refused = { code: 'ValidationException' }

test('HYB-04 an RSA key of 2048 bits as agents send it is 392 characters, and a key', () => {
  const { publicKey } = newKey()
  assert.equal(publicKey.length, 392)
  for (const type of ['Rsa', 'RSA', undefined]) assert.equal(parsePublicKey(publicKey, type), publicKey)
  assert.throws(() => parsePublicKey(publicKey, 'Ecdsa'), refused)
})

test('HYB-04 other keys, private keys and damaged keys are refused', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' })
  const others = [
    ec.toString('base64'),
    privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey.export({ type: 'spki', format: 'pem' }),
    publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
    newKey(1024).publicKey,
  ]
  for (const other of others) assert.throws(() => parsePublicKey(other.toString(), 'Rsa'), refused)
})

test('HYB-04 no text whatever makes the check fail otherwise than by its error', () => {
  const key = Buffer.from(newKey().publicKey, 'base64')
  const damaged = fc
    .tuple(fc.nat(key.length - 1), fc.nat(255))
    .map(([at, byte]) => Buffer.from(key.map((old, index) => (index === at ? byte : old))).toString('base64'))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), damaged), (text) => {
      try {
        assert.equal(parsePublicKey(text, 'Rsa'), text)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ValidationException')
      }
    }),
  )
})
