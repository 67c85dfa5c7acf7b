import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DeleteParametersCommand, DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer, type TestServer } from '@steward/testkit'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

test('PS-21 parameters are written, compared, rolled back, exported and imported by hand', async () => {
  await using server = await startServer()
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: server.house.rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.house.rootKey.secretAccessKey,
    AWS_REGION: 'us-east-1',
  }
  const params = async (words: string[], input?: string) => {
    const io = capturedIo(env)
    if (input !== undefined) io.keyboard.end(input)
    const code = await steward(['params', ...words], io)
    return { code, out: io.out(), err: io.err() }
  }
  assert.equal((await params(['put', '/shop/banner', 'hello'])).out, '/shop/banner is at version 1 (Standard).\n')
  await params(['put', '/shop/password', '--secure'], 'first\n')
  await params(['put', '/shop/password'], 'second\n')
  assert.equal((await params(['get', '/shop/password'])).out, 'second\n')
  const refused = await params(['put', '/shop/banner', 'x', '--new'])
  assert.deepEqual([refused.code, /ParameterAlreadyExists/.test(refused.err)], [255, true])
  assert.match((await params(['list'])).out, /^\/shop\n├── banner +String +v1 .*\n└── password +SecureString +v2 /)

  const secret = await params(['diff', '/shop/password'])
  assert.equal(secret.code, 1)
  assert.doesNotMatch(secret.out, /first|second/)
  assert.match((await params(['diff', '/shop/password', '1', '2', '--decrypt'])).out, /^-first\n\+second$/m)
  await params(['rollback', '/shop/password', '1'])
  assert.equal((await params(['get', '/shop/password'])).out, 'first\n')
  assert.match(
    (await params(['history', '/shop/password'])).out,
    /^3 +SecureString .*\n2 +SecureString .*\n1 +SecureString /m,
  )
  assert.equal((await params(['diff', '/shop/password', '1', '3'])).code, 0)

  const exported = await params(['export', '/shop', '--format', 'env'])
  assert.equal(exported.out, 'BANNER=hello\nPASSWORD=first\n')
  const file = join(server.data, 'shop.env')
  writeFileSync(file, exported.out)
  const planned = await params(['import', file, '--path', '/copy', '--secure', '--dry-run'])
  assert.match(planned.out, /2 created, 0 updated, 0 unchanged; nothing was written\.\n$/)
  assert.equal((await params(['get', '/copy/BANNER'])).code, 1)
  await params(['import', file, '--path', '/copy', '--secure'])
  assert.match(
    (await params(['import', '-', '--path', '/copy', '--secure'], exported.out)).out,
    /^0 created, 0 updated, 2 /,
  )
  assert.deepEqual(JSON.parse((await params(['export', '/copy'])).out), {
    '/copy/BANNER': { type: 'SecureString', value: 'hello' },
    '/copy/PASSWORD': { type: 'SecureString', value: 'first' },
  })
  assert.equal((await params(['rollback', '/shop/banner', 'zero'])).code, 2)
})

function envOf(server: TestServer) {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  return { AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key }
}

/** `steward params …` against a server; what is typed in follows the words. */
function atCommandLine(server: TestServer) {
  return async (words: string, input = '') => {
    const io = capturedIo(envOf(server))
    io.keyboard.end(input)
    const code = await steward(['params', ...words.split(' ')], io)
    return { code, out: io.out(), err: io.err() }
  }
}

test('PS-21 an import that cannot be done whole says so before it writes anything, also when it is only tried', async () => {
  await using server = await startServer()
  const params = atCommandLine(server)
  const ssm = server.client(SSMClient)
  const put = { Name: '/shop/LARGE', Value: 'v', Type: 'String', Tier: 'Advanced' } as const
  await ssm.send(new PutParameterCommand(put))
  const large = 'x'.repeat(5000)
  const file = `GOOD=v\nEMPTY=\nNESTED={{GOOD}}\nLARGE=${large}\nHUGE=${large}${large}\n`
  for (const more of ['', ' --dry-run']) {
    const { code, out, err } = await params(`import - --path /shop${more}`, file)
    assert.deepEqual([code, out], [1, ''])
    assert.equal(
      err,
      'steward: Nothing was written, since this cannot be:\n' +
        '  /shop/EMPTY: its value is empty\n' +
        '  /shop/NESTED: its value has {{…}} in it, which stands for other parameters\n' +
        '  /shop/HUGE: its value is 10000 bytes long, and 8192 are the most\n',
    )
  }
  const entry = (more: object) => JSON.stringify({ '/new': { value: large, ...more }, '/shop/LARGE': large })
  const standard = await params('import - --format json', entry({}))
  assert.equal(standard.code, 1)
  assert.match(
    standard.err,
    /cannot be:\n {2}\/new: its value is 5000 bytes long; more than 4096 take the tier Advanced/,
  )
  const keyed = await params('import - --format json', '{"/k": {"value": "v", "keyId": "alias/aws/ssm"}}')
  assert.match(keyed.err, /^ {2}\/k: it has a keyId, but is a String$/m)
  assert.equal((await params('list')).out.match(/String/g)?.length, 1)

  const advanced = await params('import - --format json', entry({ tier: 'Advanced' }))
  assert.deepEqual([advanced.code, advanced.err], [0, ''])
  assert.match(advanced.out, /^1 created, 1 updated, 0 unchanged\.$/m)
})

test('PS-21 what the server refuses of an import is named, the rest is written, and the end is 1', async () => {
  await using server = await startServer()
  const params = atCommandLine(server)
  const file = { '/a': 'v', '/b': { value: 'v', allowedPattern: '^w' }, '/c': 'v' }
  const { code, out, err } = await params('import - --format json', JSON.stringify(file))
  assert.equal(code, 1)
  assert.match(err, /^refused {2}\/b: PutParameter was refused: ParameterPatternMismatchException.*\n$/)
  assert.equal(out, 'created  /a (String)\ncreated  /c (String)\n2 created, 0 updated, 0 unchanged, 1 refused.\n')
})

test('PS-21 key, description, tier, pattern and data type of a parameter survive its way through a file', async () => {
  await using server = await startServer()
  const params = atCommandLine(server)
  const { KeyMetadata } = await new Api(connection(envOf(server))).kms('CreateKey', {})
  const ssm = server.client(SSMClient)
  const secret = { Name: '/shop/secret', Value: 'v1', Type: 'SecureString', KeyId: KeyMetadata!.KeyId! } as const
  const details = { Description: 'for the till', Tier: 'Advanced', AllowedPattern: '^v.$' } as const
  await ssm.send(new PutParameterCommand({ ...secret, ...details }))
  await ssm.send(new PutParameterCommand({ Name: '/shop/plain', Value: 'v', Type: 'String', DataType: 'text' }))
  const { out: exported } = await params('export /shop')
  assert.deepEqual(JSON.parse(exported)['/shop/plain'], { type: 'String', value: 'v' })
  assert.match((await params('import - --format json', exported)).out, /^0 created, 0 updated, 2 unchanged\.$/m)

  await ssm.send(new DeleteParametersCommand({ Names: ['/shop/secret', '/shop/plain'] }))
  assert.match((await params('import - --format json', exported)).out, /^2 created, /m)
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}))
  const { Name, KeyId, Description, Tier, AllowedPattern } = Parameters.find(({ Type }) => Type === secret.Type)!
  assert.deepEqual(
    { Name, KeyId, Description, Tier, AllowedPattern },
    { Name: secret.Name, KeyId: secret.KeyId, ...details },
  )

  const changed = exported.replace('for the till', 'for the shop')
  assert.match((await params('import - --format json', changed)).out, /^0 created, 1 updated, 1 unchanged\.$/m)
  assert.equal((await params('import - --format json', exported.replace('keyId', 'key'))).code, 2)
})

test('PS-16 the command line publishes a tree for everybody to read, and prunes what is in the file no more', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const params = async (words: string[], input: string) => {
    const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
    io.keyboard.end(input)
    const code = await steward(['params', ...words], io)
    return { code, out: io.out(), err: io.err() }
  }
  const publish = (input: object, ...more: string[]) =>
    params(['publish', '-', '--format', 'json', '--path', '/aws/service/images', ...more], JSON.stringify(input))
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`i${index}`, 'x']))
  assert.match(
    (await publish(many, '--dry-run')).out,
    /\n101 written, 0 deleted, 0 unchanged; nothing was written\.\n$/,
  )
  const first = await publish(many)
  assert.equal(first.err, '')
  assert.match(first.out, /^created \/aws\/service\/images\/i0\n(?:.*\n)*101 written, 0 deleted, 0 unchanged\.\n$/)
  const fewer = { i0: 'y', i1: { type: 'String', value: 'x' } }
  assert.match(
    (await publish(fewer, '--prune')).out,
    /^updated .*i0\ndeleted (?:.*\n)*1 written, 99 deleted, 1 unchanged\.\n$/,
  )
  assert.equal((await params(['get', '/aws/service/images/i0'], '')).out, 'y\n')
  const described = { i0: { value: 'y', description: 'the first' } }
  assert.match((await publish(described)).out, /^updated .*i0\n1 written/)
  assert.match((await publish(described)).out, /^0 written, 0 deleted, 1 unchanged\.\n$/)
  assert.match((await publish({ i2: { value: 'x', tier: 'Advanced' } })).err, /i2 has a Tier\. Public parameters have/)
  const secret = await publish({ i2: { type: 'SecureString', value: 'x' } })
  assert.deepEqual([secret.code, /public parameters are for everybody/.test(secret.err)], [2, true])
})
