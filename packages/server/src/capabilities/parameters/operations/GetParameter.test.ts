import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { LabelParameterVersionCommand, SSMClient, UnlabelParameterVersionCommand } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { ParameterStore } from '../testing/parameter-store.ts'

const ACCOUNT = '000000000000'

async function threeVersions(store: ParameterStore, name: string): Promise<void> {
  await store.put(name, 'one')
  await store.put(name, 'two', { Overwrite: true })
  await store.put(name, 'three', { Overwrite: true })
}

test('PS-08 selectors choose a version or a label, and are echoed as they were said', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await threeVersions(store, '/app/p')
  await store.label('/app/p', ['prod'], 2)
  const shown = async (name: string) => {
    const { Name, Selector, Value, Version } = await store.get(name)
    return [Name, Selector, Value, Version]
  }
  assert.deepEqual(await shown('/app/p'), ['/app/p', undefined, 'three', 3])
  assert.deepEqual(await shown('/app/p:1'), ['/app/p', ':1', 'one', 1])
  assert.deepEqual(await shown('/app/p:01'), ['/app/p', ':01', 'one', 1])
  assert.deepEqual(await shown('/app/p:3'), ['/app/p', ':3', 'three', 3])
  assert.deepEqual(await shown('/app/p:prod'), ['/app/p', ':prod', 'two', 2])
  assert.deepEqual(await shown(`arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app/p:1`), ['/app/p', ':1', 'one', 1])
})

test('PS-08 PS-22 selectors that mean nothing are told apart', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await threeVersions(store, 'p')
  for (const missing of ['p:0', 'p:4', 'p:-1', 'p:none', 'p:99999999999999999999']) {
    await assert.rejects(store.get(missing), { name: 'ParameterVersionNotFound' })
  }
  await assert.rejects(store.get('p:4'), {
    message: 'Systems Manager could not find version 4 of p. Verify the version and try again.',
  })
  for (const malformed of ['p:', 'p:1:2', `p:${'x'.repeat(101)}`, ':1', 'arn:aws:ssm:us-east-1::document/x']) {
    await assert.rejects(store.get(malformed), {
      name: 'ValidationException',
      message:
        'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>',
    })
  }
})

test('PS-02 a name against the grammar is refused when read, also with a selector', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('/app/p', 'v')
  for (const bad of [
    'a b',
    '{app}-p',
    '/app//p',
    '/app/p/',
    'app/p',
    'app/p:1',
    `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/a b`,
  ]) {
    await assert.rejects(store.get(bad), {
      name: 'ValidationException',
      message:
        'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths ' +
        'divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    })
  }
})

test('PS-22 what is not there is said without a message', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  for (const name of ['nothing', '/aws/service/nothing', '/ssm/x', `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/p`]) {
    const error = await store.get(name).then(
      () => assert.fail('it is not there'),
      (thrown: Error & { $response?: { body?: unknown } }) => thrown,
    )
    assert.equal(error.name, 'ParameterNotFound')
  }
})

test('PS-09 several names: sorted, each once, what is missing apart', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('/b', '2')
  await store.put('/a', '1')
  const arn = `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/a`
  const { Parameters, InvalidParameters } = await store.getMany('/b', 'z', '/a', 'y', 'z', '/a', '/b:7', arn)
  assert.deepEqual(
    Parameters?.map(({ Name, Selector }) => [Name, Selector]),
    [
      ['/a', undefined],
      ['/a', undefined],
      ['/b', undefined],
    ],
  )
  assert.deepEqual(InvalidParameters, ['/b:7', 'y', 'z'])
})

test('PS-05 a SecureString rests as ciphertext, comes back decrypted, and stops with its key', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const kms = server.client(KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.KeyId!
  await store.put('secret', 'plain words', { Type: 'SecureString', KeyId })
  assert.equal(await store.value('secret'), 'plain words')
  assert.doesNotMatch((await store.get('secret', false)).Value!, /plain/)
  assert.equal((await store.describe())[0]?.KeyId, KeyId)

  await kms.send(new DisableKeyCommand({ KeyId }))
  await assert.rejects(store.get('secret'), { name: 'InvalidKeyId', message: /is disabled.*DisabledException/ })
  assert.ok((await store.get('secret', false)).Value)
  await kms.send(new EnableKeyCommand({ KeyId }))
  assert.equal(await store.value('secret'), 'plain words')

  await assert.rejects(store.put('other', 'v', { Type: 'SecureString', KeyId: 'alias/nothing' }), {
    name: 'InvalidKeyId',
  })
  await store.put('secret', 'new words', { Overwrite: true })
  assert.equal((await store.describe())[0]?.KeyId, KeyId, 'the key stays')
})

test('PS-07 a label is on one version, moves, and what is no label is answered', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await threeVersions(store, 'p')
  const answer = await store.label('p', ['ok', '1st', 'aws-x', 'SSMx', 'sp ace', 'with.dots-and_'])
  assert.deepEqual([answer.ParameterVersion, answer.InvalidLabels], [3, ['1st', 'aws-x', 'SSMx', 'sp ace']])
  await store.label('p', ['ok'], 1)
  const labels = async () => (await store.history('p'))[0]?.map(({ Labels }) => Labels)
  assert.deepEqual(await labels(), [['ok'], [], ['with.dots-and_']])
  const only = await store.label('p', ['9'])
  assert.deepEqual(only.InvalidLabels, ['9'])

  const nine = Array.from({ length: 9 }, (_, index) => `l${index}`)
  await store.label('p', nine, 1)
  await assert.rejects(store.label('p', ['eleventh'], 1), { name: 'ParameterVersionLabelLimitExceeded' })
  await assert.rejects(store.label('p', ['x'], 9), { name: 'ParameterVersionNotFound' })
  await assert.rejects(store.label('none', ['x']), { name: 'ParameterNotFound' })
  await assert.rejects(store.ssm.send(new LabelParameterVersionCommand({ Name: 'p', Labels: ['x'.repeat(101)] })), {
    name: 'ValidationException',
  })

  const removed = await store.ssm.send(
    new UnlabelParameterVersionCommand({ Name: 'p', ParameterVersion: 1, Labels: ['ok', 'with.dots-and_', 'none'] }),
  )
  assert.deepEqual([removed.RemovedLabels, removed.InvalidLabels], [['ok'], ['with.dots-and_', 'none']])
  await assert.rejects(store.get('p:ok'), { name: 'ParameterVersionNotFound' })
})

test('PS-16 public parameters are there for everybody and for nobody to write', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const name = '/aws/service/global-infrastructure/regions/eu-central-1/longName'
  const { Value, ARN, Version } = await store.get(name)
  assert.deepEqual([Value, ARN, Version], ['Europe (Frankfurt)', `arn:aws:ssm:us-east-1::parameter${name}`, 1])
  const regions = await store.under('/aws/service/global-infrastructure/regions')
  assert.ok(regions.length > 30 && regions.every(({ Value }) => /^[a-z]{2}-[a-z]+-\d$/.test(Value!)))
  const filtered = (Key: string, Value: string) =>
    store.under('/aws/service', { Recursive: true, ParameterFilters: [{ Key, Values: [Value] }] })
  assert.deepEqual(await filtered('Type', 'SecureString'), [])
  assert.deepEqual(await filtered('tag:a', 'b'), [])
  assert.ok((await filtered('Type', 'String')).length > 100)
  const described = await store.describe({
    ParameterFilters: [
      { Key: 'Path', Option: 'Recursive', Values: ['/aws/service/global-infrastructure'] },
      { Key: 'Name', Option: 'Contains', Values: ['eu-central-1/'] },
    ],
  })
  assert.equal(described.filter(({ Name }) => !Name?.includes('/services/')).length, 5)
  await assert.rejects(store.put('/aws/service/x', 'v'), { name: 'AccessDeniedException' })
  await assert.rejects(store.delete(name), { name: 'ParameterNotFound' })
})

test('PS-16 public parameters say which Region is asked, and which services there are in which Regions', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const far = new ParameterStore(server, server.client(SSMClient, { region: 'eu-west-1' }))
  const path = '/aws/service/global-infrastructure'
  assert.equal(await store.value(`${path}/current-region`), 'us-east-1')
  assert.equal(await far.value(`${path}/current-region`), 'eu-west-1')
  const names = (found: { Name?: string | undefined }[]) => found.map(({ Name }) => Name)
  assert.deepEqual(names(await store.under(path)), [`${path}/current-region`, `${path}/version`])
  const values = async (under: string) => (await store.under(under)).map(({ Value }) => Value)
  assert.deepEqual(await values(`${path}/services/ssm/regions`), await values(`${path}/regions`))
  const services = await values(`${path}/services`)
  assert.ok(services.includes('ssm'))
  assert.deepEqual(await values(`${path}/regions/us-east-2/services`), services)
})

test('PS-16 public parameters say where each service is: where the caller reached this server', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const path = '/aws/service/global-infrastructure/regions/us-east-2/services'
  const { host } = new URL(server.url)
  assert.equal(await store.value(`${path}/ssm/endpoint`), host)
  assert.equal(await store.value(`${path}/ssm/endpoint:1`), host)
  const found = await store.under(`${path}/ssm`)
  assert.deepEqual(
    found.map(({ Name, Value }) => [Name, Value]),
    [[`${path}/ssm/endpoint`, host]],
  )
  const endpoints = (await store.under(path, { Recursive: true })).filter(({ Name }) => Name!.endsWith('/endpoint'))
  const services = await store.under(path)
  assert.deepEqual(
    endpoints.map(({ Name }) => Name),
    services.map(({ Name }) => `${Name}/endpoint`),
  )
  const described = await store.describe({ ParameterFilters: [{ Key: 'Path', Values: [`${path}/sts`] }] })
  assert.deepEqual(
    described.map(({ Name }) => Name),
    [`${path}/sts/endpoint`],
  )
  await assert.rejects(store.get(`${path}/ec2/endpoint`), { name: 'ParameterNotFound' })
  await assert.rejects(store.get(`${path.replace('us-east-2', 'mars-1')}/ssm/endpoint`), { name: 'ParameterNotFound' })
})

test('PS-16 the list of public parameters has all who have some, imported ones included', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  const Parameters = ['images/linux/a', 'images/b', 'top'].map((name) => ({ Name: `/aws/service/${name}`, Value: 'v' }))
  await jsonCall(server, 'Steward.ImportPublicParameters', { Parameters }, { service: 'steward' })
  const list = await store.under('/aws/service/list')
  assert.deepEqual(
    list.map(({ Name, Value }) => [Name, Value]),
    ['global-infrastructure', 'images', 'steward'].map((name) => [
      `/aws/service/list/${name}`,
      `/aws/service/${name}/`,
    ]),
  )
  assert.equal(await store.value('/aws/service/list/images'), '/aws/service/images/')
  await assert.rejects(store.get('/aws/service/list/none'), { name: 'ParameterNotFound' })
  const far = new ParameterStore(server, server.client(SSMClient, { region: 'eu-west-1' }))
  assert.equal((await far.under('/aws/service/list')).length, 2)
})

test('PS-11 the history comes oldest first, in pages', async () => {
  await using server = await startServer()
  const store = new ParameterStore(server)
  await store.put('p', '1')
  for (let version = 2; version <= 6; version++) await store.put('p', String(version), { Overwrite: true })
  const versions = (await store.history('p', true, 2)).map((page) => page.map(({ Version }) => Version))
  assert.deepEqual(versions, [
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const [first] = (await store.history('/p'))[0]!
  assert.deepEqual([first?.Name, first?.Labels, first?.Policies, first?.Tier], ['/p', [], [], 'Standard'])
  assert.match(first!.LastModifiedUser!, /:root$/)
  await assert.rejects(store.history('p:1'), { name: 'ValidationException' })
})
