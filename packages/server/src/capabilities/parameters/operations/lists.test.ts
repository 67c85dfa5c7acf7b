import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetParametersByPathCommand, type ParameterStringFilter } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { ParameterStore } from '../testing/parameter-store.ts'

const names = (found: readonly { Name?: string | undefined }[]) => found.map(({ Name }) => Name)

for (const database of DATABASES) {
  test(`PS-09 PS-22 a path is read level by level or whole, in pages (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    for (const name of ['/a', '/a/b', '/a/b/c', '/a/b-c', '/a/B', '/a/b0', '/ab', '/a.b', 'top', '/a/b/c/d']) {
      await store.put(name, name)
    }
    assert.deepEqual(names(await store.under('/a')), ['/a/B', '/a/b', '/a/b-c', '/a/b0'])
    assert.deepEqual(names(await store.under('/a/')), ['/a/B', '/a/b', '/a/b-c', '/a/b0'])
    assert.deepEqual(names(await store.under('/a/b', { Recursive: true })), ['/a/b/c', '/a/b/c/d'])
    assert.deepEqual(names(await store.under('/')), ['/a', '/a.b', '/ab', 'top'])
    assert.equal((await store.under('/', { Recursive: true })).length, 10)
    const pages = await store.pagesUnder('/a', { Recursive: true, MaxResults: 3 })
    assert.deepEqual(
      pages.map((page) => page.length),
      [3, 3],
      'a page that is exactly full has no token',
    )
    assert.deepEqual(await store.under('/nothing'), [])
    await assert.rejects(store.under('a'), { name: 'ValidationException' })
    await assert.rejects(store.under('/a b'), { name: 'ValidationException' })
  })

  test(`PS-10 parameters are described by filters (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    await store.put('/app/one', 'v', { Tags: [{ Key: 'env', Value: 'dev' }] })
    await store.put('/app/two', 'v', { Type: 'SecureString', Tags: [{ Key: 'env', Value: 'Prod' }] })
    await store.put('/app/deep/three', 'v,w', { Type: 'StringList', Tier: 'Advanced' })
    await store.put('four', 'v')
    const found = async (Key: string, Values?: string[], Option?: string) =>
      names(await store.describe({ ParameterFilters: [{ Key, Values, Option } as ParameterStringFilter] }))
    assert.deepEqual(await found('Name', ['/app/one', '/four']), ['/app/one', 'four'])
    assert.deepEqual(await found('Name', ['/app/'], 'BeginsWith'), ['/app/deep/three', '/app/one', '/app/two'])
    assert.deepEqual(await found('Name', ['app/o', 'OUR', 'our'], 'Contains'), ['/app/one', 'four'])
    assert.deepEqual(await found('Type', ['SecureString', 'StringList']), ['/app/deep/three', '/app/two'])
    assert.deepEqual(await found('KeyId', ['alias/aws'], 'BeginsWith'), ['/app/two'])
    assert.deepEqual(await found('Path', ['/app']), ['/app/one', '/app/two'])
    assert.deepEqual(await found('Path', ['/app'], 'Recursive'), ['/app/deep/three', '/app/one', '/app/two'])
    assert.deepEqual(await found('Tier', ['Advanced']), ['/app/deep/three'])
    assert.deepEqual(await found('DataType', ['text']), ['/app/deep/three', '/app/one', '/app/two', 'four'])
    assert.deepEqual(await found('tag:env', ['dev', 'Prod']), ['/app/one', '/app/two'])
    assert.deepEqual(await found('tag:env', ['P', 'D'], 'BeginsWith'), ['/app/two'])
    assert.deepEqual(await found('tag:env'), ['/app/one', '/app/two'])
    assert.deepEqual(names(await store.describe({ Filters: [{ Key: 'Name', Values: ['/app/t', 'f'] }] })), [
      '/app/two',
      'four',
    ])
    assert.deepEqual(names(await store.describe({ MaxResults: 3 })), [
      '/app/deep/three',
      '/app/one',
      '/app/two',
      'four',
    ])
  })
}

test('PS-09 by path, a label chooses the version that is shown', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  for (const name of ['/a/x', '/a/y', '/a/z']) {
    await store.put(name, 'old', { Tags: [{ Key: 'name', Value: name.at(-1)! }] })
    await store.put(name, 'new', { Overwrite: true, Type: name === '/a/z' ? 'SecureString' : 'String' })
  }
  await store.label('/a/x', ['prod'], 1)
  await store.label('/a/y', ['prod'], 2)
  await store.label('/a/z', ['product'], 1)
  const by = (...ParameterFilters: ParameterStringFilter[]) => store.under('/a', { ParameterFilters })
  const prod = await by({ Key: 'Label', Values: ['prod'] })
  assert.deepEqual(
    prod.map(({ Name, Value, Version, Selector }) => [Name, Value, Version, Selector]),
    [
      ['/a/x', 'old', 1, ':prod'],
      ['/a/y', 'new', 2, ':prod'],
    ],
  )
  assert.deepEqual(names(await by({ Key: 'Type', Values: ['SecureString'] })), ['/a/z'])
  assert.deepEqual(names(await by({ Key: 'tag:name', Values: ['x'] }, { Key: 'Label', Values: ['prod'] })), ['/a/x'])
  await assert.rejects(by({ Key: 'Label', Values: ['a', 'b'] }), { name: 'InvalidFilterValue' })
  await assert.rejects(by({ Key: 'Label', Option: 'BeginsWith', Values: ['a'] }), { name: 'InvalidFilterOption' })
})

test('PS-10 PS-22 filters that say nothing good are refused in AWS’s words', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const describe = (...ParameterFilters: ParameterStringFilter[]) => store.describe({ ParameterFilters })
  await assert.rejects(describe({ Key: 'Label', Values: ['x'] }), {
    name: 'InvalidFilterKey',
    message:
      'The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier].',
  })
  await assert.rejects(describe({ Key: 'Name' }), {
    name: 'InvalidFilterValue',
    message: 'The following filter values are missing : null for filter key Name.',
  })
  await assert.rejects(describe({ Key: 'Name', Values: ['a'] }, { Key: 'Name', Values: ['b'] }), {
    name: 'InvalidFilterKey',
    message: /^The following filter is duplicated in the request: Name\./,
  })
  await assert.rejects(describe({ Key: 'Path', Option: 'Equals', Values: ['/a'] }), {
    name: 'InvalidFilterOption',
    message: 'The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel].',
  })
  await assert.rejects(describe({ Key: 'Tier', Values: ['test'] }), {
    name: 'InvalidFilterValue',
    message:
      'The following filter value is not valid: test. Valid values include: [Standard, Advanced, Intelligent-Tiering].',
  })
  await assert.rejects(describe({ Key: 'Path', Values: ['/aws'] }), {
    name: 'ValidationException',
    message: /^Filters for common parameters can't be prefixed with "aws" or "ssm"/,
  })
  await assert.rejects(
    store.describe({ Filters: [{ Key: 'Name', Values: ['a'] }], ParameterFilters: [{ Key: 'Name', Values: ['a'] }] }),
    { message: 'You can use either Filters or ParameterFilters in a single request.' },
  )
  for (const Key of ['Name', 'Path', 'Tier']) {
    await assert.rejects(store.under('/a', { ParameterFilters: [{ Key, Values: ['x'] }] }), {
      name: 'InvalidFilterKey',
      message: `The following filter key is not valid: ${Key}. Valid filter keys include: [Type, KeyId].`,
    })
  }
})

test('X-08 a token of one path is no token of another', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  for (const name of ['/a/x', '/a/y', '/b/x', '/b/y']) await store.put(name, 'v')
  const ask = (Path: string, NextToken?: string) =>
    store.ssm.send(new GetParametersByPathCommand({ Path, MaxResults: 1, NextToken }))
  const { NextToken } = await ask('/a')
  await assert.rejects(ask('/b', NextToken), { name: 'InvalidNextToken' })
})
