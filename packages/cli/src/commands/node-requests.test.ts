import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

const REQUEST = {
  RequestId: 'er-0123456789abcdef0',
  ActivationId: '67c5b518-ddb5-401c-959f-1edc473d2bad',
  State: 'Waiting',
  ComputerName: 'web-7',
  SourceIp: '10.1.2.3',
  FirstDate: 1,
  LastDate: 1,
}

/** A server on which one machine waits; it keeps what else it is asked for. */
async function aServer(t: TestContext, request = REQUEST) {
  const asked: [string, unknown][] = []
  const server = createServer(async (incoming, response) => {
    const target = String(incoming.headers['x-amz-target']).split('.')[1]!
    asked.push([target, JSON.parse((await incoming.toArray()).join(''))])
    response.end(JSON.stringify(target === 'ListEnrolmentRequests' ? { EnrolmentRequests: [request] } : {}))
  })
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'r-1' }
  return { asked, io: capturedIo(env) }
}

test('HYB-14 node requests lists who waits; node approve and node refuse decide; node revoke ends a key', async (t) => {
  const { asked, io } = await aServer(t)
  assert.equal(await steward(['node', 'requests'], io), 0)
  assert.match(io.out(), /er-0123456789abcdef0 +Waiting +web-7 +10\.1\.2\.3/)
  assert.equal(await steward(['node', 'approve', REQUEST.RequestId], io), 0)
  assert.equal(await steward(['node', 'refuse', REQUEST.RequestId], io), 0)
  assert.equal(await steward(['node', 'revoke', REQUEST.ActivationId], io), 0)
  assert.deepEqual(asked.slice(1), [
    ['DecideEnrolmentRequest', { RequestId: REQUEST.RequestId, Decision: 'Approve' }],
    ['DecideEnrolmentRequest', { RequestId: REQUEST.RequestId, Decision: 'Refuse' }],
    ['DeleteActivation', { ActivationId: REQUEST.ActivationId }],
  ])
})

test('HYB-14 a machine cannot write a row of its own among those who wait, nor over the screen', async (t) => {
  const { io } = await aServer(t, { ...REQUEST, ComputerName: 'a\x1b[2J\ner-00000000000000000  Waiting  web-1\u202e' })
  assert.equal(await steward(['node', 'requests'], io), 0)
  assert.equal(io.out().trimEnd().split('\n').length, 2)
  assert.match(io.out(), /Waiting +a er-00000000000000000 {2}Waiting {2}web-1 +10\.1\.2\.3/)
})
