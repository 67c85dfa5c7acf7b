import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'

const DAY = 86_400_000

async function start(database: DatabaseKind = 'sqlite') {
  const server = await startServer({ database })
  const kms = server.client(KMSClient)
  const { KeyId, Arn } = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!
  const status = () => kms.send(new GetKeyRotationStatusCommand({ KeyId }))
  const rotations = async (more = {}) => kms.send(new ListKeyRotationsCommand({ KeyId, ...more }))
  const types = async () => (await rotations()).Rotations!.map(({ RotationType }) => RotationType)
  return {
    server,
    kms,
    KeyId,
    Arn,
    status,
    rotations,
    types,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

for (const kind of DATABASES) {
  test(`a key with automatic rotation gets a new secret each period, and not while it is off (${kind})`, async () => {
    await using the = await start(kind)
    const { KeyId } = the
    assert.equal((await the.status()).KeyRotationEnabled, false)
    await the.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }))
    const status = await the.status()
    assert.deepEqual([status.KeyRotationEnabled, status.RotationPeriodInDays], [true, 90])
    assert.equal(status.KeyId, the.Arn)
    const wait = status.NextRotationDate!.getTime() - the.server.house.clock.now().getTime()
    assert.ok(Math.abs(wait - 90 * DAY) < 60_000)
    await the.server.advance(89 * DAY)
    assert.deepEqual(await the.types(), [])
    await the.server.advance(2 * DAY)
    assert.deepEqual(await the.types(), ['AUTOMATIC'])
    await the.server.advance(91 * DAY)
    assert.deepEqual(await the.types(), ['AUTOMATIC', 'AUTOMATIC'])
    await the.kms.send(new DisableKeyRotationCommand({ KeyId }))
    await the.server.advance(100 * DAY)
    assert.equal((await the.types()).length, 2)
  })
}

test('a rotation on demand counts at once and leaves the date of the automatic one', async () => {
  await using the = await start()
  const { KeyId } = the
  await the.kms.send(new EnableKeyRotationCommand({ KeyId }))
  const before = await the.status()
  assert.equal(before.RotationPeriodInDays, 365)
  const answer = await the.kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  assert.equal(answer.KeyId, the.Arn)
  assert.deepEqual((await the.status()).NextRotationDate, before.NextRotationDate)
  const { Rotations } = await the.rotations({ IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  assert.deepEqual(
    Rotations!.map((one) => [one.KeyMaterialState, one.RotationType, one.RotationDate !== undefined]),
    [
      ['NON_CURRENT', undefined, false],
      ['CURRENT', 'ON_DEMAND', true],
    ],
  )
  await the.kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  const first = await the.rotations({ Limit: 1 })
  assert.deepEqual([first.Rotations!.length, first.Truncated], [1, true])
  const second = await the.rotations({ Limit: 1, Marker: first.NextMarker })
  assert.deepEqual([second.Rotations!.length, second.Truncated], [1, false])
})

test('rotations on demand end at 25; a disabled key does not rotate', async () => {
  await using the = await start()
  const { KeyId } = the
  for (let i = 0; i < 25; i++) await the.kms.send(new RotateKeyOnDemandCommand({ KeyId }))
  await assert.rejects(the.kms.send(new RotateKeyOnDemandCommand({ KeyId })), {
    name: 'LimitExceededException',
    message: new RegExp(`^The on-demand rotations limit has been reached .*:key/${KeyId}$`),
  })
  await the.kms.send(new DisableKeyCommand({ KeyId }))
  for (const command of [
    new RotateKeyOnDemandCommand({ KeyId }),
    new EnableKeyRotationCommand({ KeyId }),
    new DisableKeyRotationCommand({ KeyId }),
  ])
    await assert.rejects(the.kms.send(command as never), { name: 'DisabledException' })
  const RotationPeriodInDays = 89
  await assert.rejects(the.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays })), {
    name: 'ValidationException',
  })
})
