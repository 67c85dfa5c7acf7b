import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('EVT-04 EVT-06a steward events shows what rules matched and what could not be delivered, and tries that again', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const type = async (...words: string[]) => {
    const io = capturedIo(env)
    assert.equal(await steward(['events', ...words], io), 0, io.err())
    return io.out()
  }
  const events = server.client(EventBridgeClient)
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }))
  assert.equal(await type('matches', 'r'), 'The rule r has matched nothing yet.\n')
  assert.equal(await type('dead'), 'Everything could be delivered.\n')
  const Arn = 'arn:aws:sns:us-east-1:000000000000:none'
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 'topic', Arn }] }))
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'Thing', Detail: '{}' }] }))
  await server.settle()
  const matched =
    /^MATCHED +EVENT +TARGET +DELIVERY +ATTEMPTS +ERROR\n.* Thing +topic +Failed +1 +The topic .* not exist\.\n$/
  assert.match(await type('matches', 'r'), matched)
  assert.match(await type('dead', '--target', Arn), /^DEAD LETTER.*\n[0-9a-f-]{36} .* The topic .* does not exist\.\n$/)
  assert.equal(await type('dead', '--target', `${Arn}x`), 'Everything could be delivered.\n')
  assert.equal(await type('redrive'), '1 delivery is tried again.\n')
  await server.settle()
  assert.equal(JSON.parse(await type('dead', '--json')).DeadLetters.length, 1)
})
