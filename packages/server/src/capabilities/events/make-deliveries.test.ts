import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from './testing/receiver.ts'
import { webhookRule } from './testing/webhook-rule.ts'

const put = (events: EventBridgeClient, count: number, more: { resource?: string } = {}) =>
  events.send(
    new PutEventsCommand({
      Entries: Array.from({ length: count }, (_, index) => ({
        Source: 'app',
        DetailType: 'Thing',
        Detail: JSON.stringify({ index }),
        Resources: [more.resource ?? `arn:${index}`],
      })),
    }),
  )

for (const database of DATABASES) {
  test(`EVT-03 ${database}: what a rule matches is posted to its webhook, signed`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const events = server.client(EventBridgeClient)
    await webhookRule(events, 'hook', `${receiver.url}/in`, { source: ['app'], detail: { index: [1] } })
    await put(events, 3)
    await server.settle()

    const [request, ...more] = receiver.received
    assert.equal(more.length, 0)
    assert.equal(request?.method, 'POST')
    assert.equal(request?.path, '/in')
    assert.deepEqual(JSON.parse(request!.body).detail, { index: 1 })
    const { headers } = request!
    assert.equal(headers['x-api-key'], 's3cret')
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${request!.body}`
    const hmac = createHmac('sha256', 's3cret').update(signed).digest('base64')
    assert.equal(headers['webhook-signature'], `v1,${hmac}`)
  })

  test(`EVT-05 ${database}: events about one resource arrive in order, though the first of them fails for a while`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const events = server.client(EventBridgeClient)
    await webhookRule(events, 'hook', receiver.url, { source: ['app'] })
    let failures = 2
    receiver.answer = ({ body }) => (JSON.parse(body).resources[0] === 'arn:one' && failures-- > 0 ? 503 : 200)
    await put(events, 5, { resource: 'arn:one' })
    await put(events, 2)
    await server.settle()
    // What failed holds up nothing else.
    assert.equal(receiver.received.length, 3)
    await server.advance(5_000)
    await server.advance(5_000)
    const taken = receiver.received
      .map(({ body }) => JSON.parse(body))
      .filter(({ resources }) => resources[0] === 'arn:one')
    assert.deepEqual(
      taken.map(({ detail }) => detail.index),
      [0, 0, 0, 1, 2, 3, 4],
    )
  })
}

test('EVT-04 a target that is slow holds up no other', async () => {
  await using slow = await startReceiver()
  await using quick = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  const release = Promise.withResolvers<number>()
  slow.answer = () => release.promise
  await webhookRule(events, 'slow', slow.url, { source: ['app'] })
  await webhookRule(events, 'quick', quick.url, { source: ['app'] })
  for (let round = 0; round < 3; round++) await put(events, 10)
  await eventually(() => assert.equal(quick.received.length, 30))
  assert.equal(slow.received.length, 10)
  release.resolve(200)
  await eventually(() => assert.equal(slow.received.length, 30))
})
