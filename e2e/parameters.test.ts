import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  GetParameterCommand,
  type GetParameterCommandInput,
  GetParameterHistoryCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  paginateGetParameterHistory,
  paginateGetParametersByPath,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { Installation } from './installation.ts'

const DAY = 86_400_000

test('E2E-14 120 versions with labels, paths in pages, selectors, and policies as time passes', async () => {
  await using server = await startServer()
  const client = server.client(SSMClient)
  const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    client.send(new PutParameterCommand({ Name, Value, Overwrite: true, Type: 'String', ...more }))
  const get = async (Name: string) =>
    (await client.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter

  for (let version = 1; version <= 120; version++) {
    await put('/shop/banner', `banner ${version}`)
    if (version % 30 === 0) {
      const Labels = [`v${version}`, 'newest']
      await client.send(new LabelParameterVersionCommand({ Name: '/shop/banner', Labels }))
    }
  }
  const history = []
  for await (const { Parameters = [] } of paginateGetParameterHistory(
    { client, pageSize: 25 },
    { Name: '/shop/banner' },
  )) {
    history.push(...Parameters)
  }
  assert.deepEqual([history.length, history[0]?.Version, history.at(-1)?.Version], [100, 21, 120])
  assert.deepEqual(history.at(-1)?.Labels, ['newest', 'v120'])
  assert.equal((await get('/shop/banner:v60'))?.Value, 'banner 60')
  assert.equal((await get('/shop/banner:newest'))?.Version, 120)
  assert.equal((await get('/shop/banner:21'))?.Value, 'banner 21')
  await assert.rejects(get('/shop/banner:20'), { name: 'ParameterVersionNotFound' })
  // The label v30 is on version 30: nine more puts, and the tenth would push that version out.
  for (let version = 121; version <= 129; version++) await put('/shop/banner', `banner ${version}`)
  await assert.rejects(put('/shop/banner', 'one too many'), { name: 'ParameterMaxVersionLimitExceeded' })

  for (let index = 0; index < 35; index++) {
    await put(`/shop/db/node-${index}`, `secret ${index}`, { Type: 'SecureString' })
  }
  const pages = []
  const under = { Path: '/shop', Recursive: true, WithDecryption: true }
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client, pageSize: 10 }, under))
    pages.push(Parameters)
  assert.deepEqual(
    pages.map((page) => page.length),
    [10, 10, 10, 6],
  )
  assert.ok(pages.flat().some(({ Value }) => Value === 'secret 34'))

  const in30Days = new Date(Date.now() + 30 * DAY).toISOString()
  const Policies = JSON.stringify([
    { Type: 'Expiration', Version: '1.0', Attributes: { Timestamp: in30Days } },
    { Type: 'ExpirationNotification', Version: '1.0', Attributes: { Before: '10', Unit: 'Days' } },
  ])
  await put('/shop/voucher', 'summer', { Tier: 'Advanced', Policies })
  await server.advance(29 * DAY)
  assert.equal((await get('/shop/voucher'))?.Value, 'summer')
  await server.advance(1.01 * DAY)
  await assert.rejects(get('/shop/voucher'), { name: 'ParameterNotFound' })
})

test('E2E-14 PS-05 PS-18a the text of a SecureString is nowhere on the disk', async () => {
  const secret = 'correct-horse-battery-staple'
  await using steward = await Installation.start({ STEWARD_LOG_LEVEL: 'trace' })
  const { ssm } = steward
  const get = (input: GetParameterCommandInput) => ssm.send(new GetParameterCommand({ WithDecryption: true, ...input }))
  const put = (more: Partial<PutParameterCommandInput>) =>
    ssm.send(new PutParameterCommand({ Name: '/app/password', Value: secret, Type: 'SecureString', ...more }))
  await put({})
  await put({ Overwrite: true, Value: `${secret}-2` })
  await assert.rejects(put({}), { name: 'ParameterAlreadyExists' })
  await assert.rejects(put({ Overwrite: true, AllowedPattern: '\\d+' }), { name: 'ParameterPatternMismatchException' })
  await assert.rejects(put({ Name: 'awsome', Value: secret }), { name: 'ValidationException' })
  const Tags = [{ Key: 'of', Value: 'secret' }]
  await ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: '/app/password', Tags }))
  assert.equal((await get({ Name: '/app/password:1' })).Parameter?.Value, secret)
  await ssm.send(new GetParameterHistoryCommand({ Name: '/app/password', WithDecryption: true }))
  // A visible value, to see that looking works.
  await ssm.send(new PutParameterCommand({ Name: '/app/visible', Value: 'plainly-visible', Type: 'String' }))

  await steward.stopServer()
  assert.deepEqual(filesWith(steward.folder, secret), [])
  assert.notDeepEqual(filesWith(steward.folder, 'plainly-visible'), [])
})

function filesWith(folder: string, text: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => readFileSync(path).includes(text))
}
