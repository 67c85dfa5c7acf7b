/**
 * The server is killed at random moments while events come in and go out: every event that was acknowledged arrives, none is invented,
 * and those about one resource arrive in the order in which they happened.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { eventually } from '@steward/testkit'
import { Installation } from './installation.ts'

const RESOURCES = 4
const EVENTS_PER_RESOURCE = 40
const KILLS = 6
const PATIENCE_MS = 60_000

interface Told {
  readonly resource: string
  readonly number: number
  readonly deliveryId: string
}

test('EVT-04 EVT-05 kill -9 while events come and go: none is lost, none is invented, each resource keeps its order', async (t) => {
  const told: Told[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    // A receiver that is not always well.
    if (Math.random() < 0.1) return response.writeHead(503).end()
    const { resources, detail } = JSON.parse(body)
    told.push({ resource: resources[0], number: detail.number, deliveryId: String(request.headers['webhook-id']) })
    response.end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  try {
    await using steward = await Installation.start({ STEWARD_WEBHOOK_ALLOW: '127.0.0.0/8' })
    const events = new EventBridgeClient({
      endpoint: steward.url,
      region: steward.region,
      credentials: steward.rootKey,
    })
    await ruleTo(events, url)

    let sending = true
    const killer = killAtRandom(steward, () => sending)
    const resources = Array.from({ length: RESOURCES }, (_, index) => `arn:${index}`)
    await Promise.all(resources.map((resource) => sendAll(events, resource)))
    sending = false
    t.diagnostic(`${await killer} kills`)

    const wanted = RESOURCES * EVENTS_PER_RESOURCE
    await eventually(
      () => new Set(told.map(({ resource, number }) => `${resource} ${number}`)).size === wanted,
      PATIENCE_MS,
    )
    for (const resource of resources) {
      const numbers = told.filter((one) => one.resource === resource).map(({ number }) => number)
      const firsts = numbers.filter((number, index) => numbers.indexOf(number) === index)
      assert.deepEqual(
        firsts,
        Array.from({ length: EVENTS_PER_RESOURCE }, (_, index) => index),
        resource,
      )
    }
    const repeated = told.length - new Set(told.map(({ deliveryId }) => deliveryId)).size
    t.diagnostic(`${told.length} requests, ${repeated} of them repeated`)
    events.destroy()
  } finally {
    receiver.closeAllConnections()
    receiver.close()
  }
})

async function ruleTo(events: EventBridgeClient, url: string): Promise<void> {
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: 'hook',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Api-Key', ApiKeyValue: 'secret' } },
    }),
  )
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({ Name: 'hook', ConnectionArn, InvocationEndpoint: url, HttpMethod: 'POST' }),
  )
  await events.send(new PutRuleCommand({ Name: 'hook', EventPattern: '{"source":["app"]}' }))
  await events.send(new PutTargetsCommand({ Rule: 'hook', Targets: [{ Id: 'hook', Arn: ApiDestinationArn }] }))
}

/** One after the other; what was not acknowledged is sent again. */
async function sendAll(events: EventBridgeClient, resource: string): Promise<void> {
  for (let number = 0; number < EVENTS_PER_RESOURCE; number++) {
    const entry = { Source: 'app', DetailType: 'T', Detail: JSON.stringify({ number }), Resources: [resource] }
    await eventually(async () => {
      const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }))
      return FailedEntryCount === 0
    }, PATIENCE_MS)
    await sleep(Math.random() * 40)
  }
}

async function killAtRandom(steward: Installation, busy: () => boolean): Promise<number> {
  let kills = 0
  while (kills < KILLS && busy()) {
    await sleep(100 + Math.random() * 500)
    await steward.killServer()
    kills++
    await steward.startServer()
  }
  return kills
}
