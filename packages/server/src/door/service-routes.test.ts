import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import type { Database } from '#db/database.ts'
import { silentLogger } from '#kernel/logger.ts'
import { createMetrics } from '#kernel/metrics.ts'
import { healthRoutes } from './service-routes.ts'
import { rawCall } from './testing/raw-call.ts'

test('whoever asks learns that the server lives and is ready', async () => {
  await using server = await startServer()
  for (const [path, text] of [
    ['/healthz', 'ok\n'],
    ['/readyz', 'ready\n'],
  ]) {
    const answer = await fetch(server.url + path)
    assert.deepEqual([answer.status, await answer.text()], [200, text])
  }
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    const answer = await fetch(server.url + path, { method: 'HEAD' })
    assert.deepEqual([answer.status, await answer.text()], [200, ''], path)
    assert.ok(Number(answer.headers.get('content-length')) > 0, path)
  }
  assert.equal(
    (await fetch(`${server.url}/healthz`, { method: 'POST' })).status,
    400,
    'another method is another request',
  )
})

test('a database that is silent is not waited for', async () => {
  const database = { check: () => new Promise(() => {}) } as unknown as Database
  const metrics = createMetrics({
    connectedNodes: () => 0,
    openSessions: () => 0,
    taskFailures: () => 0,
    readingThreads: () => 0,
    readingThreadRequests: () => 0,
  })
  const answer = healthRoutes(database, metrics.registry, silentLogger, 20)({ method: 'GET', path: '/readyz' } as never)
  assert.equal((await answer)!.status, 503)
})

test('the metrics count requests by service, operation and error, nodes, and failures of tasks', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  await ssm.send(new ListCommandsCommand({}))
  await ssm.send(new ListCommandsCommand({}))
  await ssm.send(new ListCommandsCommand({ NextToken: 'forged' })).catch(() => {})
  await rawCall(server, { credentials: null })
  await server.fakeNodes(2)
  const answer = await fetch(`${server.url}/metrics`)
  assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  for (const line of [
    'steward_requests_total{service="ssm",operation="ListCommands",code=""} 2',
    'steward_requests_total{service="ssm",operation="ListCommands",code="InvalidNextToken"} 1',
    'steward_requests_total{service="unknown",operation="unknown",code="UnknownOperationException"} 1',
    'steward_connected_nodes 2',
    'steward_task_failures 0',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line}\n${text.slice(-3000)}`)
  }
  assert.match(text, /^steward_request_seconds_bucket\{le="0\.01",service="ssm"\} \d+$/m)
  assert.match(text, /^process_resident_memory_bytes \d+$/m)
  assert.match(text, /^nodejs_eventloop_lag_seconds /m)
})
