import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { ParameterStore } from './testing/parameter-store.ts'

test('PS-18 changes and policies are told on the event bus, without any value', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const store = new ParameterStore(server)
  await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, {
    source: ['aws.ssm'],
    'detail-type': [{ prefix: 'Parameter Store' }],
  })
  const told = async () => {
    // Events go out by and by; moving the clock makes it now.
    await server.advance(2_000)
    const events = receiver.received.map(({ body }) => JSON.parse(body))
    receiver.received.length = 0
    return events
  }
  await store.put('p', 'first value', { Description: 'why' })
  await store.put('p', 'second value', { Overwrite: true })
  await store.label('p', ['prod'], 1)
  await store.label('p', ['prod'], 2)
  const changes = await told()
  const detail = { name: 'p', type: 'String', description: 'why' }
  const label = { ...detail, operation: 'LabelParameterVersion', label: 'prod' }
  assert.deepEqual(
    changes.map((event) => event.detail),
    [
      { ...detail, operation: 'Create' },
      { ...detail, operation: 'Update' },
      { ...label, fromVersion: '', toVersion: '1' },
      { ...label, fromVersion: '1', toVersion: '2' },
    ],
  )
  assert.partialDeepStrictEqual(changes[0], {
    source: 'aws.ssm',
    'detail-type': 'Parameter Store Change',
    resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/p'],
  })
  assert.doesNotMatch(JSON.stringify(changes), /value/)

  const content = { Type: 'Expiration', Version: '1.0', Attributes: { Timestamp: '2099-01-01T00:00:00.000Z' } }
  await store.put('q', 'v', { Tier: 'Advanced', Policies: JSON.stringify([content]) })
  await told()
  await server.advance(Date.parse(content.Attributes.Timestamp) - Date.now() + 60_000)
  const [policy, deletion] = await told()
  assert.deepEqual(
    [policy['detail-type'], policy.detail],
    [
      'Parameter Store Policy Action',
      {
        'parameter-name': 'q',
        'parameter-type': 'String',
        'policy-type': 'Expiration',
        'policy-content': JSON.stringify(content),
        'action-status': 'Success',
      },
    ],
  )
  assert.deepEqual(deletion.detail, { operation: 'Delete', name: 'q', type: 'String' })
})
