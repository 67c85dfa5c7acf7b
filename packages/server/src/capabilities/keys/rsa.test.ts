import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, privateDecrypt, randomBytes, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import type { SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { digestOf, mostBytes, rsaDecrypt, rsaEncrypt, rsaSign, rsaVerify } from './rsa.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const message = randomBytes(100)

for (const size of [256, 384, 512] as const) {
  for (const kind of ['RSASSA_PSS', 'RSASSA_PKCS1_V1_5'] as const) {
    const algorithm: SigningAlgorithmSpec = `${kind}_SHA_${size}`
    const node =
      kind === 'RSASSA_PSS'
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { padding: constants.RSA_PKCS1_PADDING }

    test(`${algorithm} is what others sign and verify`, () => {
      const digest = digestOf(algorithm, message, false)!
      const ours = rsaSign(privateKey, algorithm, digest)
      assert.ok(verify(`sha${size}`, message, { key: publicKey, ...node }, ours))
      const theirs = sign(`sha${size}`, message, { key: privateKey, ...node })
      assert.ok(rsaVerify(publicKey, algorithm, digest, theirs))
      assert.ok(rsaVerify(publicKey, algorithm, digestOf(algorithm, digest, true)!, ours))
    })

    test(`${algorithm}: anything else is no signature`, () => {
      const digest = digestOf(algorithm, message, false)!
      const signature = rsaSign(privateKey, algorithm, digest)
      for (let i = 0; i < signature.length; i += 5) {
        const changed = Buffer.from(signature)
        changed[i]! ^= 1
        assert.equal(rsaVerify(publicKey, algorithm, digest, changed), false)
      }
      assert.equal(rsaVerify(publicKey, algorithm, randomBytes(digest.length), signature), false)
      assert.equal(rsaVerify(publicKey, algorithm, digest, signature.subarray(1)), false)
      assert.equal(rsaVerify(publicKey, algorithm, digest, Buffer.alloc(256, 255)), false)
      assert.equal(digestOf(algorithm, randomBytes(5), true), undefined)
    })
  }
}

test('RSA encryption takes as much as RFC 8017 says, and its answer opens elsewhere too', () => {
  for (const [algorithm, most, oaepHash] of [
    ['RSAES_OAEP_SHA_1', 214, 'sha1'],
    ['RSAES_OAEP_SHA_256', 190, 'sha256'],
  ] as const) {
    assert.equal(mostBytes(publicKey, algorithm), most)
    const plain = randomBytes(most)
    const ciphertext = rsaEncrypt(publicKey, algorithm, plain)
    assert.deepEqual(rsaDecrypt(privateKey, algorithm, ciphertext), plain)
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    assert.deepEqual(privateDecrypt({ key: privateKey, padding, oaepHash }, ciphertext), plain)
    assert.equal(rsaDecrypt(privateKey, algorithm, randomBytes(256)), undefined)
  }
})
