import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, ListTagsForResourceCommand } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { ParameterStore } from '../testing/parameter-store.ts'

const invalid = (part: string) => ({ name: 'ValidationException', message: new RegExp(escaped(part)) })
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

for (const database of DATABASES) {
  test(`PS-01 a parameter is not replaced unless Overwrite says so (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new ParameterStore(server)
    const { Version, Tier } = await store.put('/app/colour', 'red')
    assert.deepEqual({ Version, Tier }, { Version: 1, Tier: 'Standard' })
    await assert.rejects(store.put('/app/colour', 'blue'), {
      name: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    })
    assert.equal((await store.put('/app/colour', 'blue', { Overwrite: true })).Version, 2)
    assert.equal(await store.value('/app/colour'), 'blue')
    assert.equal(await store.value('/app/colour:1'), 'red')
  })
}

test('PS-01 what is missing, empty or does not go together is refused', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await assert.rejects(
    store.put('x', 'v', { Overwrite: true }),
    invalid('A parameter type is required when you create a parameter.'),
  )
  await assert.rejects(store.put('x', ''), invalid('Member must have length greater than or equal to 1'))
  await store.put('x', 'v')
  await assert.rejects(
    store.put('x', 'v', { Overwrite: true, Tags: [{ Key: 'k', Value: 'v' }] }),
    invalid("Invalid request: tags and overwrite can't be used together."),
  )
})

test('PS-01a an overwrite may change the type; the history keeps type and key of each version', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('p', 'a')
  await store.put('p', 'a,b', { Overwrite: true, Type: 'StringList' })
  await store.put('p', 'secret', { Overwrite: true, Type: 'SecureString' })
  await store.put('p', 'open', { Overwrite: true, Type: 'String' })
  const [history] = await store.history('p')
  assert.deepEqual(
    history?.map(({ Type, KeyId, Value }) => [Type, KeyId, Value]),
    [
      ['String', undefined, 'a'],
      ['StringList', undefined, 'a,b'],
      ['SecureString', 'alias/aws/ssm', 'secret'],
      ['String', undefined, 'open'],
    ],
  )
  assert.equal((await store.describe())[0]?.KeyId, undefined)
})

test('PS-01b what is left out of an overwrite stays, and the pattern that stays checks the new value', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('p', '12', { AllowedPattern: '^\\d+$', Description: 'a number' })
  assert.equal((await store.put('p', '12', { Overwrite: true })).Version, 2)
  const [shown] = await store.describe()
  assert.partialDeepStrictEqual(shown, { AllowedPattern: '^\\d+$', Description: 'a number', Version: 2 })
  await assert.rejects(store.put('p', 'twelve', { Overwrite: true }), {
    name: 'ParameterPatternMismatchException',
    message: 'Parameter value, cannot be validated against allowedPattern: ^\\d+$',
  })
})

test('PS-02 names that break a rule are refused in AWS’s words', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const generic = invalid('If formed as a path, it can consist of sub-paths divided by slash symbol')
  const prefix = invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).')
  for (const name of ['ssm_x', 'SSMx', 'AWS_x', 'awsx', '/aws-x', '/Ssm'])
    await assert.rejects(store.put(name, 'v'), prefix)
  for (const name of ['/ssm_x/y', '/a//b', '/a/', 'a b', 'ä', 'a:b', '/a/b$'])
    await assert.rejects(store.put(name, 'v'), generic)
  await assert.rejects(store.put('/aws/x', 'v'), {
    name: 'AccessDeniedException',
    message: 'No access to reserved parameter name: /aws/x.',
  })
  await assert.rejects(store.put('a/b', 'v'), invalid('Parameter name must be a fully qualified name.'))
  await assert.rejects(store.put(`/${'a/'.repeat(15)}b`, 'v'), { name: 'HierarchyLevelLimitExceededException' })
  await assert.rejects(store.put(`/${'n'.repeat(1011)}`, 'v'), invalid('too long'))
  await store.put(`/${'a/'.repeat(14)}b`, 'v')
  await store.put('  /spaces/around ', 'v')
  assert.equal((await store.get('/spaces/around')).Name, '/spaces/around')
})

test('PS-03 tiers: sizes, intelligent tiering, and no way back', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const large = 'x'.repeat(4097)
  await assert.rejects(
    store.put('p', large),
    invalid('Standard tier parameters support a maximum parameter value of 4096'),
  )
  assert.equal((await store.put('p', large, { Tier: 'Intelligent-Tiering' })).Tier, 'Advanced')
  assert.equal((await store.put('q', 'x', { Tier: 'Intelligent-Tiering' })).Tier, 'Standard')
  assert.equal((await store.put('q', 'x', { Tier: 'Advanced', Overwrite: true })).Tier, 'Advanced')
  assert.equal((await store.put('q', 'x', { Overwrite: true })).Tier, 'Advanced')
  await assert.rejects(
    store.put('q', 'x', { Tier: 'Standard', Overwrite: true }),
    invalid("You can't downgrade a parameter"),
  )
  await assert.rejects(
    store.put('r', 'x'.repeat(8193), { Tier: 'Advanced' }),
    invalid('maximum parameter value of 8192'),
  )
})

test('PS-04 values: no nested references, patterns, lists as they are', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await assert.rejects(
    store.put('p', 'a {{ b }}'),
    invalid('Parameter value can\'t nest another parameter. Do not use "{{}}"'),
  )
  await assert.rejects(store.put('p', 'v', { AllowedPattern: '(' }), { name: 'InvalidAllowedPatternException' })
  // One that never ends is stopped.
  await assert.rejects(store.put('p', `${'a'.repeat(60)}!`, { AllowedPattern: '(a+)+' }), {
    name: 'InvalidAllowedPatternException',
  })
  await store.put('list', ' a, ,b,', { Type: 'StringList' })
  assert.equal(await store.value('list'), ' a, ,b,')
})

test('PS-06 the latest 100 versions are kept; a label on the oldest stops the next', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('p', '1')
  for (let version = 2; version <= 101; version++) await store.put('p', String(version), { Overwrite: true })
  await assert.rejects(store.get('p:1'), { name: 'ParameterVersionNotFound' })
  await store.label('p', ['keep'], 2)
  await assert.rejects(store.put('p', '102', { Overwrite: true }), {
    name: 'ParameterMaxVersionLimitExceeded',
    message:
      /^You attempted to create a new version of p by calling the PutParameter API .* Version 2, the oldest version/,
  })
  await store.label('p', ['keep'], 101)
  for (let version = 102; version <= 130; version++) {
    await store.put('p', String(version), { Overwrite: true })
    const values = (await store.history('p')).flat().map(({ Value }) => Number(Value))
    assert.deepEqual(
      values,
      Array.from({ length: 100 }, (_, index) => version - 99 + index),
    )
    await assert.rejects(store.get(`p:${version - 100}`), { name: 'ParameterVersionNotFound' })
    await assert.rejects(store.label('p', ['late'], version - 100), { name: 'ParameterVersionNotFound' })
    assert.equal(await store.value(`p:${version - 99}`), String(version - 99))
  }
})

test('PS-12 what is deleted leaves nothing behind, and its name is free at once', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const resource = { ResourceType: 'Parameter', ResourceId: 'p' } as const
  await store.put('p', '1', { Tags: [{ Key: 'k', Value: 'v' }] })
  await store.put('p', '2', { Overwrite: true })
  await store.label('p', ['old'], 1)
  const tags = () => store.ssm.send(new ListTagsForResourceCommand(resource))
  assert.deepEqual((await tags()).TagList, [{ Key: 'k', Value: 'v' }])
  await store.delete('/p')
  await assert.rejects(store.delete('p'), { name: 'ParameterNotFound' })
  await assert.rejects(tags(), { name: 'InvalidResourceId' })
  assert.equal((await store.put('p', 'again')).Version, 1)
  assert.deepEqual((await store.history('p')).flat().length, 1)
  assert.deepEqual((await tags()).TagList, [])
})

test('PS-14 data types: an image id that is none makes no version; an unknown type is refused', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const DataType = 'aws:ec2:image'
  assert.equal((await store.put('image', 'not an image', { DataType })).Version, 1)
  await assert.rejects(store.get('image'), { name: 'ParameterNotFound' })
  await store.put('image', 'ami-0123456789abcdef0', { DataType })
  assert.equal((await store.get('image')).DataType, DataType)
  await assert.rejects(
    store.put('x', 'v', { DataType: 'Text' }),
    invalid('The following data type is not supported: Text (Data type names are all lowercase.)'),
  )
})

test('PS-08 X-23 a name with and without its slash is one parameter, also for tags', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('plain', 'v')
  const tag = (ResourceId: string, Key: string) =>
    store.ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId, Tags: [{ Key, Value: 'v' }] }))
  await tag('plain', 'one')
  await tag('/plain', 'two')
  await tag('arn:aws:ssm:us-east-1:000000000000:parameter/plain', 'three')
  const { TagList } = await store.ssm.send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/plain' }),
  )
  assert.deepEqual(
    TagList?.map(({ Key }) => Key),
    ['one', 'three', 'two'],
  )
  await assert.rejects(store.put('/plain', 'v'), { name: 'ParameterAlreadyExists' })
  assert.equal((await store.get('/plain')).Name, '/plain')
  assert.equal((await store.describe())[0]?.Name, 'plain')
})
