import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { steward } from '@steward/model'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser, type UserKey } from '#iam/testing/a-user.ts'
import { ParameterStore } from '../testing/parameter-store.ts'

async function search(server: TestServer, input: object, credentials?: UserKey) {
  const more = { service: 'steward', ...(credentials && { credentials }) }
  const { status, json } = await jsonCall(server, 'Steward.SearchParameters', input, more)
  return { status, ...(json as unknown as steward.SearchParametersResult & { __type?: string }) }
}

type Found = Awaited<ReturnType<typeof search>>
const names = ({ Parameters }: Found) => Parameters.map(({ Name }) => Name)
const folders = ({ Folders }: Found) => Folders.map(({ Path, ParameterCount }) => `${Path} ${ParameterCount}`)

for (const database of DATABASES) {
  test(`PS-10 CON-07 parameters are looked through by level, with their folders first (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    for (const name of ['/shop/db/host', '/shop/db/deep/x', '/shop/mail', '/shop', '/shop-2/a', 'top']) {
      await store.put(name, 'v')
    }
    const root = await search(server, { Recursive: false })
    assert.deepEqual(folders(root), ['/shop 3', '/shop-2 1'])
    assert.deepEqual(names(root), ['/shop', 'top'])
    assert.deepEqual([root.FolderCount, root.ParameterCount, root.TotalCount], [2, 2, 6])
    const shop = await search(server, { Path: '/shop/', Recursive: false })
    assert.deepEqual([folders(shop), names(shop)], [['/shop/db 2'], ['/shop/mail']])
    const second = await search(server, { Recursive: false, Skip: 1, MaxResults: 2 })
    assert.deepEqual([folders(second), names(second)], [['/shop-2 1'], ['/shop']])
    const last = await search(server, { Recursive: false, Skip: 3, MaxResults: 2 })
    assert.deepEqual([folders(last), names(last)], [[], ['top']])
    const found = await search(server, { Recursive: false, Query: 'HOST' })
    assert.deepEqual([folders(found), names(found)], [['/shop 1'], []])
  })

  test(`PS-10 CON-07 parameters are searched, sorted and counted over pages (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    await store.put('/app/one', 'v', { Tags: [{ Key: 'env', Value: 'dev' }], Description: 'The first 100%' })
    await store.put('/app/two', 'secret', { Type: 'SecureString' })
    await store.put('/app/deep/three', 'v', { Tier: 'Advanced' })
    await store.put('four', 'v')
    await store.put('four', 'w', { Overwrite: true })
    const all = await search(server, {})
    assert.deepEqual(names(all), ['/app/deep/three', '/app/one', '/app/two', 'four'])
    assert.deepEqual([all.Folders, all.ParameterCount, all.TotalCount], [[], 4, 4])
    const { Version, Type, ARN, Policies } = all.Parameters[3]!
    assert.deepEqual([Version, Type, Policies], [2, 'String', []])
    assert.equal(ARN, 'arn:aws:ssm:us-east-1:000000000000:parameter/four')
    assert.ok(!JSON.stringify(all).includes('secret'), 'values are not shown')
    assert.deepEqual(names(await search(server, { Query: 'first app' })), ['/app/one'])
    assert.deepEqual(names(await search(server, { Query: '100%' })), ['/app/one'])
    assert.deepEqual(
      names(await search(server, { Path: '/app', SortBy: 'LastModifiedDate', SortOrder: 'Descending' })),
      ['/app/deep/three', '/app/two', '/app/one'],
    )
    const versions = await search(server, { SortBy: 'Version', SortOrder: 'Descending', Skip: 0, MaxResults: 1 })
    assert.deepEqual([names(versions), versions.ParameterCount], [['four'], 4])
    const filtered = async (Key: string, Values: string[], Option?: string) =>
      names(await search(server, { ParameterFilters: [{ Key, Values, Option }] }))
    assert.deepEqual(await filtered('Type', ['SecureString']), ['/app/two'])
    assert.deepEqual(await filtered('tag:env', ['dev']), ['/app/one'])
    assert.deepEqual(await filtered('Name', ['o'], 'Contains'), ['/app/one', '/app/two', 'four'])
  })
}

for (const database of DATABASES) {
  test(`PS-16 public parameters are looked through like one's own, built in and imported ones together (${database})`, async () => {
    await using server = await startServer({ database })
    await new ParameterStore(server).put('/mine', 'v')
    const Parameters = ['images/a', 'images/b', 'top'].map((name) => ({ Name: `/aws/service/${name}`, Value: name }))
    await jsonCall(server, 'Steward.ImportPublicParameters', { Parameters }, { service: 'steward' })
    const Path = '/aws/service'
    const level = await search(server, { Path, Recursive: false })
    assert.deepEqual(
      level.Folders.map(({ Path }) => Path),
      ['global-infrastructure', 'images', 'list', 'steward'].map((name) => `/aws/service/${name}`),
    )
    assert.deepEqual([names(level), level.FolderCount, level.ParameterCount], [['/aws/service/top'], 4, 1])
    const second = await search(server, { Path, Recursive: false, Skip: 1, MaxResults: 2 })
    assert.deepEqual(folders(second), ['/aws/service/images 2', '/aws/service/list 3'])
    const last = await search(server, { Path, Recursive: false, Skip: 4, MaxResults: 2 })
    assert.deepEqual([folders(last), names(last)], [[], ['/aws/service/top']])
    const all = await search(server, { Path, SortOrder: 'Descending', MaxResults: 500 })
    assert.deepEqual(names(all), names(all).toSorted().reverse())
    assert.equal(all.ParameterCount, level.TotalCount)
    const page = await search(server, { Path, SortOrder: 'Descending', Skip: 1, MaxResults: 3 })
    assert.deepEqual(names(page), names(all).slice(1, 4))
    const found = await search(server, { Path, Query: 'LATEST' })
    assert.deepEqual(names(found), ['/aws/service/steward/agent/latest'])
    const ParameterFilters = [{ Key: 'tag:a', Values: ['b'] }]
    assert.equal((await search(server, { Path, ParameterFilters })).ParameterCount, 0)
    assert.deepEqual(names(await search(server, {})), ['/mine'])
  })
}

test('PS-10 X-12 whoever may describe parameters may search them', async () => {
  await using server = await startServer()
  await new ParameterStore(server).put('/a', 'v')
  const allow = (Action: string) => [{ Effect: 'Allow', Action, Resource: '*' }]
  const may = await aUser(server, 'may', { statements: allow('ssm:DescribeParameters') })
  assert.deepEqual(names(await search(server, {}, may)), ['/a'])
  const mayNot = await aUser(server, 'may-not', { statements: allow('ssm:GetParameter') })
  assert.match((await search(server, {}, mayNot)).__type ?? '', /AccessDenied/)
  assert.equal((await search(server, { Path: 'no path' })).status, 400)
})
