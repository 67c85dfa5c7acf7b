import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  KMSClient,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { startServer } from '@steward/testkit'

const Message = Buffer.from('to be signed')

async function start() {
  const server = await startServer()
  const kms = server.client(KMSClient)
  const newKey = async (input: CreateKeyCommandInput) => (await kms.send(new CreateKeyCommand(input))).KeyMetadata!
  return { server, kms, newKey, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('an RSA key signs messages and digests, and everybody can verify with its public key', async () => {
  await using the = await start()
  const { KeyId, Arn, SigningAlgorithms } = await the.newKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
  const { PublicKey, ...shown } = await the.kms.send(new GetPublicKeyCommand({ KeyId }))
  assert.deepEqual(
    [shown.KeySpec, shown.KeyUsage, shown.SigningAlgorithms],
    ['RSA_2048', 'SIGN_VERIFY', SigningAlgorithms],
  )
  const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
  const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256'
  const raw = await the.kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm }))
  assert.equal(raw.KeyId, Arn)
  assert.ok(verify('sha256', Message, key, raw.Signature!))
  const digest = { KeyId, SigningAlgorithm, Message: hash('sha256', Message, 'buffer'), MessageType: 'DIGEST' } as const
  assert.deepEqual((await the.kms.send(new SignCommand(digest))).Signature, raw.Signature)
  for (const algorithm of SigningAlgorithms!) {
    const input = { KeyId, Message, SigningAlgorithm: algorithm }
    const { Signature } = await the.kms.send(new SignCommand(input))
    assert.equal((await the.kms.send(new VerifyCommand({ ...input, Signature }))).SignatureValid, true)
    const Other = Buffer.from('something else')
    await assert.rejects(the.kms.send(new VerifyCommand({ ...input, Message: Other, Signature })), {
      name: 'KMSInvalidSignatureException',
    })
  }
  await assert.rejects(the.kms.send(new SignCommand({ ...digest, Message })), {
    name: 'ValidationException',
    message: 'Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_256.',
  })
  await assert.rejects(the.kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' })), {
    name: 'InvalidKeyUsageException',
    message: 'Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.',
  })
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext: Message })), {
    name: 'InvalidKeyUsageException',
    message: `${Arn} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
  })
  await assert.rejects(the.kms.send(new RotateKeyOnDemandCommand({ KeyId })), { name: 'UnsupportedOperationException' })
})

test('a key of a curve signs with the one algorithm that belongs to the curve', async () => {
  await using the = await start()
  for (const [KeySpec, SigningAlgorithm, name] of [
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
  ] as const) {
    const { KeyId, SigningAlgorithms } = await the.newKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
    assert.deepEqual(SigningAlgorithms, [SigningAlgorithm])
    const { PublicKey } = await the.kms.send(new GetPublicKeyCommand({ KeyId }))
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
    const raw = { KeyId, SigningAlgorithm, Message }
    const digest = { ...raw, Message: hash(name, Message, 'buffer'), MessageType: 'DIGEST' } as const
    const { Signature } = await the.kms.send(new SignCommand(digest))
    assert.ok(verify(name, Message, key, Signature!))
    assert.equal((await the.kms.send(new VerifyCommand({ ...raw, Signature }))).SignatureValid, true)
    await assert.rejects(the.kms.send(new VerifyCommand({ ...raw, Message: Buffer.from('else'), Signature })), {
      name: 'KMSInvalidSignatureException',
    })
    await assert.rejects(the.kms.send(new SignCommand({ ...digest, Message })), {
      message: `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
    })
  }
})

test('an RSA key encrypts short texts; only who names it can decrypt', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' })
  const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256'
  const encrypt = (Plaintext: Buffer) => the.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm }))
  const { CiphertextBlob } = await encrypt(Message)
  const opened = await the.kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }))
  assert.deepEqual(Buffer.from(opened.Plaintext!), Message)
  await assert.rejects(the.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionAlgorithm })), {
    name: 'ValidationException',
  })
  await assert.rejects(encrypt(Buffer.alloc(191)), {
    name: 'ValidationException',
    message: 'Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.',
  })
  const symmetric = await the.newKey({})
  const moved = await the.kms.send(
    new ReEncryptCommand({
      CiphertextBlob,
      SourceKeyId: KeyId,
      SourceEncryptionAlgorithm: EncryptionAlgorithm,
      DestinationKeyId: symmetric.KeyId,
    }),
  )
  const again = await the.kms.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }))
  assert.deepEqual(Buffer.from(again.Plaintext!), Message)
  await assert.rejects(the.kms.send(new GetPublicKeyCommand({ KeyId: symmetric.KeyId })), {
    name: 'UnsupportedOperationException',
  })
})

test('an HMAC key makes and verifies codes, with the algorithm of its kind only', async () => {
  await using the = await start()
  for (const size of [224, 256, 384, 512] as const) {
    const { KeyId, MacAlgorithms } = await the.newKey({ KeySpec: `HMAC_${size}`, KeyUsage: 'GENERATE_VERIFY_MAC' })
    const MacAlgorithm = `HMAC_SHA_${size}` as const
    assert.deepEqual(MacAlgorithms, [MacAlgorithm])
    const { Mac } = await the.kms.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm }))
    assert.equal(Mac!.length, size / 8)
    const verified = await the.kms.send(new VerifyMacCommand({ KeyId, Message, MacAlgorithm, Mac }))
    assert.equal(verified.MacValid, true)
    const wrong = { KeyId, Message: Buffer.from('other'), MacAlgorithm, Mac }
    await assert.rejects(the.kms.send(new VerifyMacCommand(wrong)), { name: 'KMSInvalidMacException' })
    const other = size === 512 ? 'HMAC_SHA_256' : 'HMAC_SHA_512'
    await assert.rejects(the.kms.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm: other })), {
      name: 'InvalidKeyUsageException',
    })
  }
  await assert.rejects(the.newKey({ KeySpec: 'HMAC_256' }), { name: 'ValidationException' })
})

test('pairs of data keys: the private one plain and encrypted', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey({})
  for (const KeyPairSpec of ['RSA_2048', 'ECC_NIST_P256', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const) {
    const pair = await the.kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec }))
    const opened = await the.kms.send(new DecryptCommand({ CiphertextBlob: pair.PrivateKeyCiphertextBlob }))
    assert.deepEqual(opened.Plaintext, pair.PrivateKeyPlaintext)
    const privateKey = createPrivateKey({ key: Buffer.from(opened.Plaintext!), format: 'der', type: 'pkcs8' })
    const publicKey = createPublicKey({ key: Buffer.from(pair.PublicKey!), format: 'der', type: 'spki' })
    const digest = KeyPairSpec.includes('EDWARDS') ? undefined : 'sha256'
    assert.ok(verify(digest, Message, publicKey, sign(digest, Message, privateKey)))
  }
  const bare = await the.kms.send(
    new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P384' }),
  )
  assert.ok(!('PrivateKeyPlaintext' in bare))
  await assert.rejects(the.kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'SM2' })), {
    name: 'UnsupportedOperationException',
  })
})
