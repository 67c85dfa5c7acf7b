import assert from 'node:assert/strict'
import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DeriveSharedSecretCommand,
  GetPublicKeyCommand,
  type GrantOperation,
  type KeySpec,
  KMSClient,
} from '@aws-sdk/client-kms'
import { startServer } from '@steward/testkit'

const KeyAgreementAlgorithm = 'ECDH'

test('a key of a curve and anybody’s public key of the same curve come to one secret', async () => {
  await using server = await startServer()
  const kms = server.client(KMSClient)
  const newKey = async (KeySpec: KeySpec, KeyUsage: 'KEY_AGREEMENT' | 'SIGN_VERIFY') =>
    (await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }))).KeyMetadata!
  const derive = (KeyId: string | undefined, PublicKey: Uint8Array, more = {}) =>
    kms.send(new DeriveSharedSecretCommand({ KeyId, PublicKey, KeyAgreementAlgorithm, ...more }))
  const der = (namedCurve: string) =>
    generateKeyPairSync('ec', { namedCurve, publicKeyEncoding: { type: 'spki', format: 'der' } })

  const { KeyId, Arn, KeyAgreementAlgorithms } = await newKey('ECC_NIST_P256', 'KEY_AGREEMENT')
  assert.deepEqual(KeyAgreementAlgorithms, ['ECDH'])
  const { PublicKey, ...shown } = await kms.send(new GetPublicKeyCommand({ KeyId }))
  assert.deepEqual([shown.KeySpec, shown.KeyAgreementAlgorithms], ['ECC_NIST_P256', ['ECDH']])
  const mine = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const mineAsDer = mine.publicKey.export({ type: 'spki', format: 'der' })
  const { $metadata, SharedSecret, ...answer } = await derive(KeyId, mineAsDer)
  assert.deepEqual(answer, { KeyId: Arn, KeyAgreementAlgorithm, KeyOrigin: 'AWS_KMS' })
  const theirs = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
  assert.deepEqual(Buffer.from(SharedSecret!), diffieHellman({ privateKey: mine.privateKey, publicKey: theirs }))

  await assert.rejects(derive(KeyId, mineAsDer, { DryRun: true }), { name: 'DryRunOperationException' })
  const refused = { name: 'ValidationException' }
  await assert.rejects(derive(KeyId, Buffer.from('no public key')), refused)
  await assert.rejects(derive(KeyId, der('secp384r1').publicKey), refused)
  const Operations: GrantOperation[] = ['DeriveSharedSecret']
  const GranteePrincipal = 'arn:aws:iam::111122223333:root'
  await kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations }))
  const signing = await newKey('ECC_NIST_P256', 'SIGN_VERIFY')
  await assert.rejects(derive(signing.KeyId, mineAsDer), {
    name: 'InvalidKeyUsageException',
    message: `${signing.Arn} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.`,
  })
  await assert.rejects(newKey('ECC_SECG_P256K1', 'KEY_AGREEMENT'), {
    ...refused,
    message: 'KeyUsage KEY_AGREEMENT is not compatible with KeySpec ECC_SECG_P256K1',
  })
})
