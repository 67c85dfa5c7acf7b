import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateActivationCommand, DescribeActivationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { toConfig } from '#kernel/config.ts'
import { rawCall } from './testing/raw-call.ts'

function post(url: string, path: string, body?: unknown): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: body === undefined ? '' : JSON.stringify(body) })
}

for (const kind of DATABASES) {
  test(`a reset empties everything but the root key and sets the clock right (${kind})`, async () => {
    await using server = await startServer({ database: kind })
    const ssm = server.client(SSMClient)
    await ssm.send(new CreateActivationCommand({ IamRole: 'Role' }))
    const [node] = await server.fakeNodes(1)
    await server.advance(3_600_000)
    const answer = await post(server.url, '/test/reset')
    assert.deepEqual([answer.status, await answer.json()], [200, {}])
    assert.ok(Math.abs(server.house.clock.now().getTime() - Date.now()) < 60_000)
    assert.equal(server.house.isConnected(node!.id), false)
    const again = server.client(SSMClient, { systemClockOffset: 0 })
    assert.deepEqual((await again.send(new DescribeActivationsCommand({}))).ActivationList, [])
    await again.send(new CreateActivationCommand({ IamRole: 'Role' }))
  })
}

test('the clock can be set and moved; anything else is told what to send', async () => {
  await using server = await startServer()
  const clock = async (body: unknown) => {
    const answer = await post(server.url, '/test/clock', body)
    return [answer.status, await answer.json()] as [number, Record<string, string>]
  }
  const [status, { now }] = await clock({ now: '2030-01-31T00:00:00Z' })
  assert.equal(status, 200)
  assert.match(now!, /^2030-01-31T00:00:00/)
  const [, moved] = await clock({ advanceSeconds: 3600 })
  assert.match(moved.now!, /^2030-01-31T01:00:0/)
  const [, back] = await clock({ advanceSeconds: -7200 })
  assert.match(back.now!, /^2030-01-30T23:00:0/)
  for (const body of [
    {},
    { now: 'soon' },
    { now: 5 },
    { advanceSeconds: '5' },
    { advanceSeconds: 1e300 },
    { advanceSeconds: -1e12 },
    [],
    null,
  ]) {
    assert.equal((await clock(body))[0], 400, JSON.stringify(body))
  }
  assert.equal((await fetch(`${server.url}/test/clock`, { method: 'POST', body: '{' })).status, 400)
})

test('an ordinary server knows no test routes', async () => {
  await using server = await startServer({ env: { STEWARD_TEST_MODE: '' } })
  for (const path of ['/test/reset', '/test/clock']) assert.equal((await post(server.url, path, {})).status, 400)
})

/** Every file below a folder, and what is in it. */
function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return new Map(paths.map((path) => [path, readFileSync(path, 'base64')]))
}

test('test mode in the data directory of an installation leaves every file of it as it was', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-installation-'))
  const object = { Bucket: 'box', Key: 'kept' }
  const put = async (server: TestServer, Body: string) => {
    const s3 = server.client(S3Client)
    await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }))
    await s3.send(new PutObjectCommand({ ...object, Body }))
  }
  const content = async (server: TestServer) =>
    (await server.client(S3Client).send(new GetObjectCommand(object))).Body?.transformToString()
  const started = (mode: string, hostnames: string) =>
    startServer({ data, https: true, env: { STEWARD_TEST_MODE: mode, STEWARD_HOSTNAMES: hostnames } })
  try {
    {
      await using installation = await started('', 'a.example')
      await put(installation, 'of the installation')
    }
    const before = filesIn(data)
    for (let time = 0; time < 2; time++) {
      await using double = await started('1', 'b.example')
      await assert.rejects(content(double), { name: 'NoSuchBucket' })
      await put(double, 'of a test')
      assert.equal(await content(double), 'of a test')
      const headers = { 'x-amz-target': 'Steward.RotateMasterKey' }
      assert.equal((await rawCall(double, { service: 'steward', headers, body: '{}' })).status, 200)
      await double.advance(11 * 60_000)
      assert.equal((await post(double.url, '/test/reset')).status, 200)
    }
    const after = filesIn(data)
    for (const [path, was] of before) assert.equal(after.get(path), was, path)
    await using installation = await started('', 'a.example')
    assert.equal(await content(installation), 'of the installation')
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('test mode has its state in memory, whatever database there is', () => {
  const env = { STEWARD_TEST_MODE: '1', STEWARD_DATABASE_URL: 'postgres://u:p@db.example/steward' }
  assert.equal(toConfig(env, '/').databaseUrl, '')
})

test('test mode refuses every address but loopback', async () => {
  for (const name of ['STEWARD_HTTP', 'STEWARD_HTTPS']) {
    const env = { STEWARD_TEST_MODE: '1', STEWARD_HTTP_INSECURE: 'yes', [name]: '0.0.0.0:0' }
    assert.throws(() => toConfig(env, '/'), /STEWARD_TEST_MODE: only with loopback addresses/)
  }
})
