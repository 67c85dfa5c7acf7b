import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
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
  const secret = await publish({ i2: { type: 'SecureString', value: 'x' } })
  assert.deepEqual([secret.code, /public parameters are for everybody/.test(secret.err)], [2, true])
})
