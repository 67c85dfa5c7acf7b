import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  KMSClient,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'

const Plaintext = Buffer.from('forty-two')

async function start(database: DatabaseKind = 'sqlite') {
  const server = await startServer({ database })
  const kms = server.client(KMSClient)
  const newKey = async (more = {}) => (await kms.send(new CreateKeyCommand(more))).KeyMetadata!
  return { server, kms, newKey, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

for (const kind of DATABASES) {
  test(`what was encrypted is decrypted without naming the key, also after rotations (${kind})`, async () => {
    await using the = await start(kind)
    const { KeyId, Arn, CurrentKeyMaterialId } = await the.newKey()
    const EncryptionContext = { tenant: 'a', purpose: 'b' }
    const encrypted = await the.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
    assert.equal(encrypted.KeyId, Arn)
    assert.equal(encrypted.EncryptionAlgorithm, 'SYMMETRIC_DEFAULT')
    await the.kms.send(new RotateKeyOnDemandCommand({ KeyId }))
    const again = await the.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
    for (const { CiphertextBlob } of [encrypted, again]) {
      const opened = await the.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
      assert.deepEqual(Buffer.from(opened.Plaintext!), Plaintext)
      assert.equal(opened.KeyId, Arn)
      assert.equal(opened.KeyMaterialId === CurrentKeyMaterialId, CiphertextBlob === encrypted.CiphertextBlob)
    }
  })

  test(`data keys, plain and encrypted (${kind})`, async () => {
    await using the = await start(kind)
    const { KeyId } = await the.newKey()
    const whole = await the.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    const opened = await the.kms.send(new DecryptCommand({ CiphertextBlob: whole.CiphertextBlob }))
    assert.deepEqual(opened.Plaintext, whole.Plaintext)
    assert.equal(whole.Plaintext!.length, 32)
    const short = await the.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_128' }))
    assert.equal(short.Plaintext!.length, 16)
    const bare = await the.kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 77 }))
    assert.ok(!('Plaintext' in bare))
    const key = await the.kms.send(new DecryptCommand({ CiphertextBlob: bare.CiphertextBlob }))
    assert.equal(key.Plaintext!.length, 77)
  })
}

test('a ciphertext opens with its own context only, and unchanged only; the refusal says nothing', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const { CiphertextBlob } = await the.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { a: 'b' } }))
  const refused = { name: 'InvalidCiphertextException', message: 'UnknownError' }
  const others: (Record<string, string> | undefined)[] = [undefined, {}, { a: 'c' }, { A: 'b' }, { a: 'b', c: 'd' }]
  for (const EncryptionContext of others)
    await assert.rejects(the.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), refused)
  const changed = Uint8Array.from(CiphertextBlob!)
  changed[changed.length - 1]! ^= 1
  const EncryptionContext = { a: 'b' }
  await assert.rejects(the.kms.send(new DecryptCommand({ CiphertextBlob: changed, EncryptionContext })), refused)
  const other = the.server.client(KMSClient, { region: 'eu-west-1' })
  await assert.rejects(other.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), refused)
})

test('a key may be named by id, ARN, alias or the ARN of an alias; another than the ciphertext’s is refused', async () => {
  await using the = await start()
  const { KeyId, Arn } = await the.newKey()
  await the.kms.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }))
  const { CiphertextBlob } = await the.kms.send(new EncryptCommand({ KeyId: 'alias/mine', Plaintext }))
  for (const name of [KeyId, Arn, 'alias/mine', Arn!.replace(/key\/.*/, 'alias/mine')])
    await the.kms.send(new DecryptCommand({ CiphertextBlob, KeyId: name }))
  const other = await the.newKey()
  await assert.rejects(the.kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other.KeyId })), {
    name: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
  })
})

test('names of keys that there are not are refused in AWS’s words', async () => {
  await using the = await start()
  const missing = '01234567-89ab-cdef-0123-456789abcdef'
  const ofSeveralRegions = 'mrk-0123456789abcdef0123456789abcdef'
  const prefix = 'arn:aws:kms:us-east-1:000000000000'
  const sentences = {
    [missing]: `Key '${prefix}:key/${missing}' does not exist`,
    'alias/none': `Alias ${prefix}:alias/none is not found.`,
    [`${prefix}:alias/none`]: `Alias ${prefix}:alias/none is not found.`,
    'not-a-key': "Invalid keyId 'not-a-key'",
    'mrk-not-a-key': "Invalid keyId 'mrk-not-a-key'",
    [ofSeveralRegions]: `Key '${prefix}:key/${ofSeveralRegions}' does not exist`,
    [`arn:aws:kms:eu-west-1:000000000000:key/${missing}`]: 'Invalid arn eu-west-1',
  }
  for (const [KeyId, message] of Object.entries(sentences))
    await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext })), { name: 'NotFoundException', message })
})

test('a disabled key refuses all cryptography until it is enabled, one that is to be deleted for good', async () => {
  await using the = await start()
  const { KeyId, Arn } = await the.newKey()
  const { CiphertextBlob } = await the.kms.send(new EncryptCommand({ KeyId, Plaintext }))
  const uses = () => [
    the.kms.send(new EncryptCommand({ KeyId, Plaintext })),
    the.kms.send(new DecryptCommand({ CiphertextBlob })),
    the.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
    the.kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId })),
  ]
  await the.kms.send(new DisableKeyCommand({ KeyId }))
  for (const use of uses()) await assert.rejects(use, { name: 'DisabledException', message: `${Arn} is disabled.` })
  await the.kms.send(new EnableKeyCommand({ KeyId }))
  await Promise.all(uses())
  await the.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  for (const use of uses())
    await assert.rejects(use, { name: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` })
})

test('ReEncrypt moves a ciphertext to another key and context without showing what is in it', async () => {
  await using the = await start()
  const [from, to] = [await the.newKey(), await the.newKey()]
  const SourceEncryptionContext = { a: '1' }
  const DestinationEncryptionContext = { b: '2' }
  const { CiphertextBlob } = await the.kms.send(
    new EncryptCommand({ KeyId: from.KeyId, Plaintext, EncryptionContext: SourceEncryptionContext }),
  )
  const input = {
    CiphertextBlob,
    SourceEncryptionContext,
    DestinationKeyId: to.KeyId,
    DestinationEncryptionContext,
  }
  const moved = await the.kms.send(new ReEncryptCommand(input))
  assert.equal(moved.SourceKeyId, from.Arn)
  assert.equal(moved.KeyId, to.Arn)
  const opened = await the.kms.send(
    new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: DestinationEncryptionContext }),
  )
  assert.deepEqual(Buffer.from(opened.Plaintext!), Plaintext)
  await assert.rejects(the.kms.send(new ReEncryptCommand({ ...input, SourceKeyId: to.KeyId })), {
    name: 'IncorrectKeyException',
  })
})

test('DryRun says only whether it would have worked', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const { CiphertextBlob } = await the.kms.send(new EncryptCommand({ KeyId, Plaintext }))
  const would = {
    name: 'DryRunOperationException',
    message: 'The request would have succeeded, but the DryRun option is set.',
  }
  const DryRun = true
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext, DryRun })), would)
  await assert.rejects(the.kms.send(new DecryptCommand({ CiphertextBlob, DryRun })), would)
  await assert.rejects(the.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun })), would)
  await assert.rejects(the.kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun })), would)
  await assert.rejects(
    the.kms.send(new DecryptCommand({ KeyId, DryRun, DryRunModifiers: ['IGNORE_CIPHERTEXT'] } as never)),
    would,
  )
  await the.kms.send(new DisableKeyCommand({ KeyId }))
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext, DryRun })), { name: 'DisabledException' })
})

test('limits: 4096 bytes of plaintext, one way to say how long a data key is, algorithms of the key', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const most = await the.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4096) }))
  assert.ok(most.CiphertextBlob!.length <= 6144)
  const invalid = { name: 'ValidationException' }
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) })), invalid)
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(0) })), invalid)
  const either = { ...invalid, message: 'Please specify either number of bytes or key spec.' }
  await assert.rejects(the.kms.send(new GenerateDataKeyCommand({ KeyId })), either)
  await assert.rejects(
    the.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 })),
    either,
  )
  await assert.rejects(
    the.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })),
    { name: 'InvalidKeyUsageException' },
  )
  await assert.rejects(the.kms.send(new EncryptCommand({ KeyId, Plaintext, GrantTokens: ['none'] })), {
    name: 'InvalidGrantTokenException',
  })
})

test('GenerateRandom gives as many bytes as are wanted', async () => {
  await using the = await start()
  const { Plaintext: bytes } = await the.kms.send(new GenerateRandomCommand({ NumberOfBytes: 1024 }))
  assert.equal(bytes!.length, 1024)
  for (const NumberOfBytes of [undefined, 0, 1025])
    await assert.rejects(the.kms.send(new GenerateRandomCommand({ NumberOfBytes })), { name: 'ValidationException' })
})

test('alias/aws/ssm has a key as soon as somebody asks for it, one in each Region', async () => {
  await using the = await start()
  const { KeyMetadata } = await the.kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/ssm' }))
  assert.equal(KeyMetadata?.KeyManager, 'AWS')
  assert.equal(KeyMetadata?.Description, 'Default key that protects my SSM data when no other key is defined')
  const again = await the.kms.send(
    new DescribeKeyCommand({ KeyId: KeyMetadata!.Arn!.replace(/key\/.*/, 'alias/aws/ssm') }),
  )
  assert.equal(again.KeyMetadata?.KeyId, KeyMetadata?.KeyId)
  const abroad = await the.server
    .client(KMSClient, { region: 'eu-west-1' })
    .send(new DescribeKeyCommand({ KeyId: 'alias/aws/ssm' }))
  assert.notEqual(abroad.KeyMetadata?.KeyId, KeyMetadata?.KeyId)
  await assert.rejects(the.kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/nothing' })), {
    name: 'NotFoundException',
  })
  for (const change of [
    new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }),
    new RotateKeyOnDemandCommand({ KeyId: KeyMetadata?.KeyId }),
  ])
    await assert.rejects(the.kms.send(change as never), { name: 'AccessDeniedException' })
})
