import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { ALLOW_LOOPBACK, startReceiver } from './testing/receiver.ts'
import { roleFor } from './testing/role.ts'
import { webhookRule } from './testing/webhook-rule.ts'

const EventPattern = '{"source":["app"]}'
const busArn = (name: string) => `arn:aws:events:us-east-1:000000000000:event-bus/${name}`

/** Buses `default` and these, and a webhook that can be the target of rules on any of them. */
async function start(buses: readonly string[], database: DatabaseKind = 'sqlite') {
  const receiver = await startReceiver()
  const server = await startServer({ database, env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  for (const Name of buses) await events.send(new CreateEventBusCommand({ Name }))
  const { destinationArn } = await webhookRule(events, 'hook', `${receiver.url}/`, { source: ['none'] })
  let rules = 0
  const rule = async (EventBusName: string, target: Omit<Target, 'Id'>) => {
    const Rule = `r${++rules}`
    await events.send(new PutRuleCommand({ Name: Rule, EventBusName, EventPattern }))
    await events.send(new PutTargetsCommand({ Rule, EventBusName, Targets: [{ Id: 't', ...target }] }))
  }
  return {
    server,
    events,
    rule,
    /** To the webhook, with the name of the bus as the body. */
    tellOf: (bus: string, more: object = { Input: `"${bus}"` }) => rule(bus, { Arn: destinationArn, ...more }),
    async put(EventBusName: string, more: object = {}) {
      const entry = { EventBusName, Source: 'app', DetailType: 'T', Detail: '{"n":1.10}', ...more }
      const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }))
      for (let hops = 0; hops < 4; hops++) await server.settle()
      return Entries![0]!.EventId!
    },
    received: () => receiver.received.map(({ body }) => JSON.parse(body)),
    bodies: () => receiver.received.map(({ body }) => body),
    async deadLetters() {
      const { json } = await jsonCall(server, 'Steward.ListDeadLetters', {}, { service: 'steward' })
      return (json.DeadLetters as { ErrorCode: string; TargetArn: string }[]).map(
        ({ ErrorCode, TargetArn }) => `${ErrorCode} ${TargetArn.split('/')[1]}`,
      )
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await receiver[Symbol.asyncDispose]()
    },
  }
}

for (const database of DATABASES) {
  test(`EVT-03 ${database}: a bus that is the target of a rule gets the event as it was put`, async () => {
    await using the = await start(['orders'], database)
    await the.rule('default', { Arn: busArn('orders') })
    await the.tellOf('orders', {})
    const id = await the.put('default', { Resources: ['r'], Time: new Date(1_700_000_000_000) })
    assert.deepEqual(the.received(), [
      {
        version: '0',
        id,
        'detail-type': 'T',
        source: 'app',
        account: '000000000000',
        time: '2023-11-14T22:13:20Z',
        region: 'us-east-1',
        resources: ['r'],
        detail: { n: 1.1 },
      },
    ])
    assert.match(the.bodies()[0]!, /"n":1.10/)
  })
}

test('EVT-03 what came from a bus goes to no third one, and rings of buses end', async () => {
  await using the = await start(['a', 'b', 'c'])
  for (const [from, to] of ['ab', 'bc', 'ca', 'aa']) await the.rule(from!, { Arn: busArn(to!) })
  for (const bus of ['a', 'b', 'c']) await the.tellOf(bus)
  await the.put('a')
  assert.deepEqual(the.received().sort(), ['a', 'a', 'b'])
  assert.deepEqual(await the.deadLetters(), [])
})

test('EVT-03 a bus is put on as the role of its target, if it was given one; else its policy may deny it', async () => {
  await using the = await start(['mine', 'yours', 'closed', 'open'])
  const put = (Resource: string, more = {}) => ({ Effect: 'Allow', Action: 'events:PutEvents', Resource, ...more })
  const app = { Condition: { StringEquals: { 'events:source': 'app', 'events:eventBusInvocation': 'true' } } }
  const RoleArn = await roleFor(the.server, 'sender', 'events.amazonaws.com', put(busArn('mine'), app))
  for (const name of ['closed', 'open']) {
    const deny = (Principal: object, Effect: string) => ({
      Sid: Effect,
      Effect,
      Principal,
      Action: 'events:PutEvents',
      Resource: busArn(name),
    })
    const Statement = [deny({ Service: 'events.amazonaws.com' }, name === 'closed' ? 'Deny' : 'Allow')]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await the.events.send(new PutPermissionCommand({ EventBusName: name, Policy }))
  }
  for (const name of ['mine', 'yours']) await the.rule('default', { Arn: busArn(name), RoleArn })
  for (const name of ['closed', 'open', 'none']) await the.rule('default', { Arn: busArn(name) })
  for (const name of ['mine', 'yours', 'closed', 'open']) await the.tellOf(name)
  await the.put('default')
  assert.deepEqual(the.received().sort(), ['mine', 'open'])
  assert.deepEqual((await the.deadLetters()).sort(), [
    'AccessDeniedException yours',
    'NO_PERMISSIONS closed',
    'TARGET_NOT_FOUND none',
  ])
})

test('EVT-03 buses of elsewhere are refused as targets, and events are not changed on their way', async () => {
  await using the = await start([])
  const elsewhere = 'arn:aws:events:eu-west-1:000000000000:event-bus/default'
  await assert.rejects(the.rule('default', { Arn: elsewhere }), /of other accounts and Regions as targets are not/)
  await assert.rejects(the.rule('default', { Arn: busArn('x'), Input: '{}' }), /for event buses are not supported/)
})
