import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

const PIN = `sha256//${'A'.repeat(43)}=`

/** A server that answers what `node add` asks, and keeps the request for the activation. */
async function aServer(t: TestContext, https: { host: string; port: number } | null, hostnames: string[] = []) {
  const requests: Record<string, unknown>[] = []
  const answers: Record<string, (request: IncomingMessage) => Promise<string>> = {
    '/': async (request) => {
      requests.push(JSON.parse((await request.toArray()).join('')))
      return '{"ActivationId":"67c5b518-ddb5-401c-959f-1edc473d2bad","ActivationCode":"NUsshdc1BCF7oHxpGgBR"}'
    },
    '/install/listener.json': async () => JSON.stringify({ https, publicKeyPin: https && PIN, hostnames }),
    '/install/ca.pem': async () => '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  }
  const server = createServer(async (request, response) => response.end(await answers[request.url!]!(request)))
  t.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-test-1',
  }
  return { requests, io: capturedIo(env) }
}

test('HYB-01 node add makes an activation and prints the lines for both agents', async (t) => {
  const { requests, io } = await aServer(t, { host: '0.0.0.0', port: 8471 }, ['steward.example'])
  const words = ['node', 'add', '--name', 'web', '--limit', '5', '--hours', '2', '--tag', 'role=web', '--tag', 'tier=']
  assert.equal(await steward(words, io), 0)
  const [{ ExpirationDate, ...request }] = requests as [Record<string, unknown>]
  assert.deepEqual(request, {
    IamRole: 'StewardManagedNode',
    RegistrationLimit: 5,
    DefaultInstanceName: 'web',
    Tags: [
      { Key: 'role', Value: 'web' },
      { Key: 'tier', Value: '' },
    ],
  })
  assert.ok(Math.abs(Number(ExpirationDate) - Date.now() / 1000 - 7200) < 60)
  assert.match(io.out(), /good for 5 machines, until \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
  assert.ok(
    io.out().includes(`curl -fsS -k --pinnedpubkey '${PIN}' https://steward.example:8471/install/agent.sh | sudo sh`),
  )
  assert.match(io.out(), /amazon-ssm-agent -register -y -id 67c5b518-\S+ -code NUsshdc1BCF7oHxpGgBR -region eu-test-1/)
  assert.equal(io.err(), '')
})

test('HYB-14 node add makes an enrolment key that is good until it is revoked, for whom it says', async (t) => {
  const { requests, io } = await aServer(t, { host: '0.0.0.0', port: 8471 }, ['steward.example'])
  const words = ['node', 'add', '--reusable', '--from', '10.0.0.0/8', '--from', '192.168.1.7', '--hosts', 'web-*']
  assert.equal(await steward([...words, '--approve'], io), 0)
  assert.deepEqual(requests, [
    {
      IamRole: 'StewardManagedNode',
      RegistrationLimit: 1000,
      SourceRanges: ['10.0.0.0/8', '192.168.1.7'],
      HostNamePattern: 'web-*',
      NeedsApproval: true,
    },
  ])
  assert.match(io.out(), /good for 1000 machines, until it is revoked: steward node revoke 67c5b518-/)
  assert.equal(await steward(['node', 'add', '--hosts', 'db-*', '--hours', '9000', '--limit', '2'], io), 0)
  const [, { ExpirationDate, ...second }] = requests as [unknown, Record<string, unknown>]
  assert.deepEqual(second, { IamRole: 'StewardManagedNode', RegistrationLimit: 2, HostNamePattern: 'db-*' })
  assert.ok(Math.abs(Number(ExpirationDate) - Date.now() / 1000 - 9000 * 3600) < 60)
})

test('node add warns when other machines cannot reach the listener, and names what to set', async (t) => {
  const { io } = await aServer(t, { host: '127.0.0.1', port: 8471 })
  assert.equal(await steward(['node', 'add'], io), 0)
  assert.match(io.err(), /bound to 127\.0\.0\.1, so other machines cannot reach it.*STEWARD_HTTPS=0\.0\.0\.0:8471/)
})

test('node add takes the address that other machines use, and speaks JSON', async (t) => {
  const { io } = await aServer(t, { host: '127.0.0.1', port: 8471 })
  assert.equal(await steward(['node', 'add', '--url', 'https://proxy.example', '--json'], io), 0)
  const answer = JSON.parse(io.out())
  assert.equal(answer.url, 'https://proxy.example')
  assert.equal(answer.publicKeyPin, PIN)
  assert.match(answer.stewardAgent, /^curl .* https:\/\/proxy\.example\/install\/agent\.sh \| sudo sh/)
  assert.equal(answer.warning, undefined)
})

test('without a TLS listener no activation is made', async (t) => {
  const { requests, io } = await aServer(t, null)
  assert.equal(await steward(['node', 'add'], io), 255)
  assert.match(io.err(), /The server has no TLS listener/)
  assert.deepEqual(requests, [])
})
