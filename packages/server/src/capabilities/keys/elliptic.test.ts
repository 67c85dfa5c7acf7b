import assert from 'node:assert/strict'
import { generateKeyPairSync, hash, randomBytes, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { agreed, curveAlgorithm, ecdsaSign, ecdsaVerify } from './elliptic.ts'

for (const [spec, namedCurve, name] of [
  ['ECC_NIST_P256', 'prime256v1', 'sha256'],
  ['ECC_NIST_P384', 'secp384r1', 'sha384'],
  ['ECC_NIST_P521', 'secp521r1', 'sha512'],
  ['ECC_SECG_P256K1', 'secp256k1', 'sha256'],
] as const) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })

  test(`a digest signed with ${spec} is what others sign and verify`, () => {
    assert.equal(curveAlgorithm(spec), `ECDSA_SHA_${name.slice(3)}`)
    for (let i = 0; i < 40; i++) {
      const message = randomBytes(i)
      const digest = hash(name, message, 'buffer')
      assert.ok(verify(name, message, publicKey, ecdsaSign(spec, privateKey, digest)))
      assert.ok(ecdsaVerify(spec, publicKey, digest, sign(name, message, privateKey)))
    }
  })

  test(`anything else is no signature with ${spec}`, () => {
    const message = randomBytes(100)
    const digest = hash(name, message, 'buffer')
    const signature = ecdsaSign(spec, privateKey, digest)
    for (let i = 0; i < signature.length; i += 3) {
      const changed = Buffer.from(signature)
      changed[i]! ^= 1
      assert.equal(ecdsaVerify(spec, publicKey, digest, changed), false)
    }
    const other = generateKeyPairSync('ec', { namedCurve })
    assert.equal(ecdsaVerify(spec, other.publicKey, digest, signature), false)
    assert.equal(ecdsaVerify(spec, publicKey, randomBytes(digest.length), signature), false)
    for (const odd of [
      signature.subarray(1),
      Buffer.concat([signature, Buffer.of(0)]),
      Buffer.alloc(0),
      Buffer.of(0x30, 0),
    ])
      assert.equal(ecdsaVerify(spec, publicKey, digest, odd), false)
    // Zeros and the order itself, which no signature has.
    assert.equal(ecdsaVerify(spec, publicKey, digest, Buffer.from('3006020100020100', 'hex')), false)
  })
}

test('digests of zeros and of ones are signed like others', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  for (const digest of [Buffer.alloc(32), Buffer.alloc(32, 255)]) {
    const signature = ecdsaSign('ECC_NIST_P256', privateKey, digest)
    assert.ok(ecdsaVerify('ECC_NIST_P256', publicKey, digest, signature))
  }
})

test('a secret is agreed on by two keys of one curve only', () => {
  const [ann, bob] = ['prime256v1', 'prime256v1'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }))
  assert.deepEqual(agreed(ann!.privateKey, bob!.publicKey), agreed(bob!.privateKey, ann!.publicKey))
  const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  assert.equal(agreed(ann!.privateKey, other.publicKey), undefined)
  assert.equal(agreed(ann!.privateKey, generateKeyPairSync('ed25519').publicKey), undefined)
})
