import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'

const DAY = 86_400_000

async function start(database: DatabaseKind = 'sqlite') {
  const server = await startServer({ database })
  const kms = server.client(KMSClient)
  const newKey = async (more = {}) => (await kms.send(new CreateKeyCommand(more))).KeyMetadata!
  const describe = async (KeyId?: string) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!
  return { server, kms, newKey, describe, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

for (const kind of DATABASES) {
  test(`a new key is described as AWS describes one (${kind})`, async () => {
    await using the = await start(kind)
    const key = await the.newKey({ Description: 'of the tests', Tags: [{ TagKey: 'b', TagValue: '' }] })
    const { KeyId, CreationDate, CurrentKeyMaterialId, ...rest } = key
    assert.match(KeyId!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.match(CurrentKeyMaterialId!, /^[0-9a-f]{64}$/)
    assert.ok(Math.abs(CreationDate!.getTime() - the.server.house.clock.now().getTime()) < 60_000)
    assert.deepEqual(rest, {
      AWSAccountId: '000000000000',
      Arn: `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`,
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'of the tests',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    })
    assert.deepEqual(await the.describe(KeyId), key)
    const tags = await the.kms.send(new ListResourceTagsCommand({ KeyId }))
    assert.deepEqual(tags.Tags, [{ TagKey: 'b', TagValue: '' }])
    await the.kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'another' }))
    assert.equal((await the.describe(KeyId)).Description, 'another')
  })

  test(`a key is deleted when its waiting time is over, with its aliases, unless that is cancelled (${kind})`, async () => {
    await using the = await start(kind)
    const [gone, kept] = [await the.newKey(), await the.newKey()]
    await the.kms.send(new CreateAliasCommand({ AliasName: 'alias/gone', TargetKeyId: gone.KeyId }))
    const answer = await the.kms.send(new ScheduleKeyDeletionCommand({ KeyId: gone.KeyId, PendingWindowInDays: 7 }))
    assert.equal(answer.KeyId, gone.Arn)
    assert.equal(answer.KeyState, 'PendingDeletion')
    assert.equal(answer.PendingWindowInDays, 7)
    const wait = answer.DeletionDate!.getTime() - the.server.house.clock.now().getTime()
    assert.ok(Math.abs(wait - 7 * DAY) < 60_000)
    assert.deepEqual((await the.describe(gone.KeyId)).DeletionDate, answer.DeletionDate)
    const defaults = await the.kms.send(new ScheduleKeyDeletionCommand({ KeyId: kept.KeyId }))
    assert.equal(defaults.PendingWindowInDays, 30)
    await the.kms.send(new CancelKeyDeletionCommand({ KeyId: kept.KeyId }))
    assert.equal((await the.describe(kept.KeyId)).KeyState, 'Disabled')

    await the.server.advance(6 * DAY)
    assert.equal((await the.describe(gone.KeyId)).KeyState, 'PendingDeletion')
    await the.server.advance(31 * DAY)
    for (const KeyId of [gone.KeyId, 'alias/gone'])
      await assert.rejects(the.describe(KeyId), { name: 'NotFoundException' })
    assert.equal((await the.describe(kept.KeyId)).KeyState, 'Disabled')
    const { Events } = await the.server
      .client(CloudTrailClient)
      .send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'DeleteKey' }] }))
    assert.deepEqual(
      Events?.map(({ Resources }) => Resources?.map(({ ResourceName }) => ResourceName)),
      [[gone.KeyId]],
    )
  })
}

test('what a key in each state refuses', async () => {
  await using the = await start()
  const { KeyId, Arn } = await the.newKey()
  const send = (command: object) => the.kms.send(command as never) as Promise<unknown>
  const notPending = { name: 'KMSInvalidStateException', message: `${Arn} is not pending deletion.` }
  await assert.rejects(send(new CancelKeyDeletionCommand({ KeyId })), notPending)
  for (const PendingWindowInDays of [1, 6, 31])
    await assert.rejects(send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays })), {
      name: 'ValidationException',
    })
  await send(new DisableKeyCommand({ KeyId }))
  await send(new DisableKeyCommand({ KeyId }))
  assert.deepEqual([(await the.describe(KeyId)).Enabled, (await the.describe(KeyId)).KeyState], [false, 'Disabled'])
  await send(new ScheduleKeyDeletionCommand({ KeyId }))
  for (const command of [
    new ScheduleKeyDeletionCommand({ KeyId }),
    new EnableKeyCommand({ KeyId }),
    new DisableKeyCommand({ KeyId }),
    new UpdateKeyDescriptionCommand({ KeyId, Description: '' }),
    new TagResourceCommand({ KeyId, Tags: [] }),
    new UntagResourceCommand({ KeyId, TagKeys: [] }),
    new CreateAliasCommand({ AliasName: 'alias/x', TargetKeyId: KeyId }),
  ])
    await assert.rejects(send(command), {
      name: 'KMSInvalidStateException',
      message: `${Arn} is pending deletion.`,
    })
})

test('operations that manage a key take no alias for it', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  await the.kms.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyId }))
  await assert.rejects(the.kms.send(new DisableKeyCommand({ KeyId: 'alias/mine' })), {
    name: 'NotFoundException',
    message: "Invalid keyId 'alias/mine'",
  })
})

test('kinds of keys that are not built are refused, and usages that a kind is not for', async () => {
  await using the = await start()
  const unsupported = { name: 'UnsupportedOperationException' }
  await assert.rejects(the.newKey({ MultiRegion: true }), unsupported)
  await assert.rejects(the.newKey({ Origin: 'EXTERNAL' }), unsupported)
  await assert.rejects(the.newKey({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }), unsupported)
  await assert.rejects(the.newKey({ KeyUsage: 'SIGN_VERIFY' }), {
    name: 'ValidationException',
    message: 'KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT',
  })
})

test('keys and aliases are listed in pages; a marker from elsewhere is refused', async () => {
  await using the = await start()
  const made = []
  for (let i = 0; i < 5; i++) made.push((await the.newKey()).KeyId!)
  for (const name of ['b', 'a', 'z']) {
    await the.kms.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: made[0] }))
  }
  const keys: string[] = []
  for (let Marker: string | undefined; ; ) {
    const page = await the.kms.send(new ListKeysCommand({ Limit: 2, Marker }))
    keys.push(...page.Keys!.map(({ KeyId }) => KeyId!))
    Marker = page.NextMarker
    assert.equal(page.Truncated, Marker !== undefined)
    if (!Marker) break
    await assert.rejects(the.kms.send(new ListAliasesCommand({ Marker })), { name: 'InvalidMarkerException' })
  }
  assert.deepEqual(keys, made.sort())
  await assert.rejects(the.kms.send(new ListKeysCommand({ Marker: 'nonsense' })), { name: 'InvalidMarkerException' })

  const names: string[] = []
  for (let Marker: string | undefined; ; ) {
    const page = await the.kms.send(new ListAliasesCommand({ Limit: 2, Marker }))
    names.push(...page.Aliases!.map(({ AliasName }) => AliasName!))
    Marker = page.NextMarker
    if (!Marker) break
  }
  assert.deepEqual(names, ['alias/a', 'alias/aws/s3', 'alias/aws/ssm', 'alias/b', 'alias/z'])
})

test('tags of a key: put, replaced, taken off; what no key may carry is refused', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const put = (...tags: [string, string][]) =>
    the.kms.send(new TagResourceCommand({ KeyId, Tags: tags.map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }))
  const tags = async (more = {}) => the.kms.send(new ListResourceTagsCommand({ KeyId, ...more }))
  await put(['a', '1'], ['b', '2'])
  await put(['b', '3'], ['c', ''])
  await the.kms.send(new UntagResourceCommand({ KeyId, TagKeys: ['a', 'unknown'] }))
  assert.deepEqual((await tags()).Tags, [
    { TagKey: 'b', TagValue: '3' },
    { TagKey: 'c', TagValue: '' },
  ])
  const first = await tags({ Limit: 1 })
  assert.deepEqual([first.Tags!.length, first.Truncated], [1, true])
  assert.deepEqual((await tags({ Limit: 1, Marker: first.NextMarker })).Tags, [{ TagKey: 'c', TagValue: '' }])
  const refused = (message: string | RegExp) => ({ name: 'TagException', message })
  await assert.rejects(put(['aws:mine', '']), refused('Tags beginning with aws: are reserved'))
  await assert.rejects(put(['twice', ''], ['twice', '']), refused('Duplicate tag keys'))
  await assert.rejects(put(['odd', '<>']), refused(/^Tags may have letters/))
  const many = Array.from({ length: 50 }, (_, i): [string, string] => [`k${i}`, ''])
  await assert.rejects(put(...many, ['k50', '']), refused('Too many tags'))
  await assert.rejects(put(...many), { name: 'LimitExceededException' })
})

test('a key has one policy, default; one that does not parse or locks its author out is refused', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const read = async () => JSON.parse((await the.kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy!)
  assert.deepEqual((await the.kms.send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames, ['default'])
  assert.deepEqual(await read(), {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::000000000000:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
  const put = (policy: object | string, more = {}) =>
    the.kms.send(
      new PutKeyPolicyCommand({
        KeyId,
        Policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
        ...more,
      }),
    )
  const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }
  const policy = { Version: '2012-10-17', Statement: [statement] }
  await put(policy, { PolicyName: 'default' })
  assert.deepEqual(await read(), policy)
  const malformed = { name: 'MalformedPolicyDocumentException' }
  await assert.rejects(put('{'), malformed)
  await assert.rejects(put({ Version: '2012-10-17', Statement: [{ ...statement, Principal: undefined }] }), malformed)
  const useless = { ...policy, Statement: [{ ...statement, Action: 'kms:Decrypt' }] }
  await assert.rejects(put(useless), {
    ...malformed,
    message: 'The new key policy will not allow you to update the key policy in the future.',
  })
  const nobody = { ...statement, Principal: { AWS: [`arn:aws:iam::000000000000:user/nobody`] } }
  await assert.rejects(put({ ...policy, Statement: [statement, nobody] }), {
    ...malformed,
    message: 'Policy contains a statement with one or more invalid principals.',
  })
  assert.deepEqual(await read(), policy)
  await put(useless, { BypassPolicyLockoutSafetyCheck: true })
  assert.deepEqual(await read(), useless)
  const none = { name: 'NotFoundException', message: 'No such policy exists' }
  await assert.rejects(the.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'other' })), none)
  await assert.rejects(the.newKey({ Policy: JSON.stringify(useless) }), malformed)
  const own = await the.newKey({ Policy: JSON.stringify(policy) })
  await the.kms.send(new EncryptCommand({ KeyId: own.KeyId, Plaintext: Buffer.from('x') }))
})

test('there are no custom key stores, and whoever asks is told so', async () => {
  await using the = await start()
  const { CustomKeyStores, Truncated } = await the.kms.send(new DescribeCustomKeyStoresCommand({}))
  assert.deepEqual([CustomKeyStores, Truncated], [[], false])
  await assert.rejects(the.kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: 'hsm' })), {
    name: 'CustomKeyStoreNotFoundException',
  })
})
