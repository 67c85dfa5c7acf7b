import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  KMSClient,
  ListAliasesCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'

async function start(database: DatabaseKind = 'sqlite') {
  const server = await startServer({ database })
  const kms = server.client(KMSClient)
  const newKey = async (more = {}) => (await kms.send(new CreateKeyCommand(more))).KeyMetadata!
  const create = (AliasName: string, TargetKeyId?: string) =>
    kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }))
  return { server, kms, newKey, create, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

for (const kind of DATABASES) {
  test(`an alias points at one key, and may point at another (${kind})`, async () => {
    await using the = await start(kind)
    const [one, other] = [await the.newKey(), await the.newKey()]
    await the.create('alias/app/db', one.KeyId)
    const target = async () =>
      (await the.kms.send(new DescribeKeyCommand({ KeyId: 'alias/app/db' }))).KeyMetadata?.KeyId
    assert.equal(await target(), one.KeyId)
    await the.kms.send(new UpdateAliasCommand({ AliasName: 'alias/app/db', TargetKeyId: other.Arn }))
    assert.equal(await target(), other.KeyId)
    const { Aliases } = await the.kms.send(new ListAliasesCommand({ KeyId: other.KeyId }))
    const [{ CreationDate, LastUpdatedDate, ...alias } = {}] = Aliases!
    assert.deepEqual(alias, {
      AliasName: 'alias/app/db',
      AliasArn: 'arn:aws:kms:us-east-1:000000000000:alias/app/db',
      TargetKeyId: other.KeyId,
    })
    assert.ok(LastUpdatedDate! >= CreationDate!)
    assert.equal((await the.kms.send(new ListAliasesCommand({ KeyId: one.KeyId }))).Aliases?.length, 0)
    await the.kms.send(new DeleteAliasCommand({ AliasName: 'alias/app/db' }))
    await assert.rejects(target(), {
      name: 'NotFoundException',
      message: 'Alias arn:aws:kms:us-east-1:000000000000:alias/app/db is not found.',
    })
  })
}

test('names that an alias cannot have, and those that are taken', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  await the.create('alias/mine', KeyId)
  await assert.rejects(the.create('alias/mine', KeyId), {
    name: 'AlreadyExistsException',
    message: 'An alias with the name arn:aws:kms:us-east-1:000000000000:alias/mine already exists',
  })
  await assert.rejects(the.create('mine', KeyId), {
    name: 'ValidationException',
    message: /^Alias must start with the prefix "alias\/"\. /,
  })
  await assert.rejects(the.create('alias/', KeyId), { name: 'ValidationException', message: 'Invalid identifier' })
  await assert.rejects(the.create('alias/a b', KeyId), { name: 'ValidationException' })
  await assert.rejects(the.create('alias/aws/mine', KeyId), { name: 'InvalidAliasNameException' })
  await assert.rejects(the.create('alias/other', '01234567-89ab-cdef-0123-456789abcdef'), {
    name: 'NotFoundException',
  })
  const missing = { name: 'NotFoundException' }
  await assert.rejects(the.kms.send(new DeleteAliasCommand({ AliasName: 'alias/none' })), missing)
  await assert.rejects(the.kms.send(new UpdateAliasCommand({ AliasName: 'alias/none', TargetKeyId: KeyId })), missing)
})

test('an alias is no target of an alias, by its name or its ARN', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  await the.create('alias/mine', KeyId)
  const refused = { name: 'ValidationException', message: 'Aliases must refer to keys. Not aliases' }
  for (const TargetKeyId of ['alias/mine', 'arn:aws:kms:us-east-1:000000000000:alias/mine']) {
    await assert.rejects(the.create('alias/other', TargetKeyId), refused)
    await assert.rejects(the.create('alias/mine', TargetKeyId), refused)
    await assert.rejects(the.kms.send(new UpdateAliasCommand({ AliasName: 'alias/mine', TargetKeyId })), refused)
  }
})

test('a key has 50 aliases at most', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  for (let i = 0; i < 50; i++) await the.create(`alias/n${i}`, KeyId)
  await assert.rejects(the.create('alias/n50', KeyId), { name: 'LimitExceededException' })
})

test('an alias moves only between keys of one kind', async () => {
  await using the = await start()
  const { KeyId } = await the.newKey()
  const mac = await the.newKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await the.create('alias/mine', KeyId)
  await assert.rejects(the.kms.send(new UpdateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: mac.KeyId })), {
    name: 'ValidationException',
  })
})
