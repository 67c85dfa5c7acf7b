import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser, type UserKey } from '#iam/testing/a-user.ts'
import { ParameterStore } from '../testing/parameter-store.ts'

function ask(server: TestServer, operation: string, input: object, credentials?: UserKey) {
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...(credentials && { credentials }) })
}

for (const database of DATABASES) {
  test(`PS-16 operators import trees of public parameters, with versions, and take them back (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    await store.put('/private', 'v')
    const images = ['a', 'b', 'c/d'].map((name) => ({ Name: `/aws/service/images/${name}`, Value: `image-${name}` }))
    const first = await ask(server, 'ImportPublicParameters', { Parameters: images })
    assert.deepEqual(first.json, { Written: 3, Unchanged: 0 })
    const newer = [{ ...images[0]!, Value: 'newer', Description: 'of today' }, images[1]!]
    assert.deepEqual((await ask(server, 'ImportPublicParameters', { Parameters: newer })).json, {
      Written: 1,
      Unchanged: 1,
    })

    const { Value, Version, ARN } = await store.get('/aws/service/images/a')
    const arn = 'arn:aws:ssm:us-east-1::parameter/aws/service/images/a'
    assert.deepEqual([Value, Version, ARN], ['newer', 2, arn])
    assert.equal(await store.value('/aws/service/images/a:1'), 'image-a')
    assert.deepEqual(
      (await store.history('/aws/service/images/a')).flat().map(({ Value }) => Value),
      ['image-a', 'newer'],
    )
    const names = (found: { Name?: string | undefined }[]) => found.map(({ Name }) => Name)
    assert.deepEqual(names(await store.under('/aws/service/images')), [
      '/aws/service/images/a',
      '/aws/service/images/b',
    ])
    const all = names(await store.under('/aws/service', { Recursive: true }))
    assert.deepEqual(all, all.toSorted())
    assert.equal(all.filter((name) => name?.startsWith('/aws/service/images/')).length, 3)
    assert.ok(all.includes('/aws/service/steward/agent/latest'))
    const far = new ParameterStore(server, server.client(SSMClient, { region: 'eu-west-1' }))
    await assert.rejects(far.get('/aws/service/images/a'), { name: 'ParameterNotFound' })

    const Names = ['/aws/service/images/a', '/aws/service/images/none']
    assert.deepEqual((await ask(server, 'DeletePublicParameters', { Names })).json, { Deleted: 1 })
    await assert.rejects(store.get('/aws/service/images/a'), { name: 'ParameterNotFound' })
  })
}

test('PS-16 what is built in, or private, cannot be imported; importing takes a permission, reading what PS-16 says', async () => {
  await using server = await startServer()
  const parameter = (Name: string) => ({ Parameters: [{ Name, Value: 'v' }] })
  for (const name of [
    '/shop/a',
    '/aws/service/steward/agent/latest',
    '/aws/service/global-infrastructure/x',
    '/aws/service/list/x',
    '/aws/service/a:1',
  ]) {
    assert.match((await ask(server, 'ImportPublicParameters', parameter(name))).text, /ValidationException/, name)
    assert.match((await ask(server, 'DeletePublicParameters', { Names: [name] })).text, /ValidationException/, name)
  }
  const Resource = 'arn:aws:ssm:*::parameter/aws/service/images/*'
  const statements = [{ Effect: 'Allow', Action: 'steward:ImportPublicParameters', Resource }]
  const key = await aUser(server, 'publisher', { statements })
  const written = await ask(server, 'ImportPublicParameters', parameter('/aws/service/images/a'), key)
  assert.deepEqual(written.json, { Written: 1, Unchanged: 0 })
  const elsewhere = await ask(server, 'ImportPublicParameters', parameter('/aws/service/other/a'), key)
  assert.match(elsewhere.text, /AccessDenied/)
})
