import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateActivationCommand, DescribeActivationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { toConfig } from '#kernel/config.ts'

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

test('test mode refuses every address but loopback', async () => {
  for (const name of ['STEWARD_HTTP', 'STEWARD_HTTPS']) {
    const env = { STEWARD_TEST_MODE: '1', STEWARD_HTTP_INSECURE: 'yes', [name]: '0.0.0.0:0' }
    assert.throws(() => toConfig(env, '/'), /STEWARD_TEST_MODE: only with loopback addresses/)
  }
})
