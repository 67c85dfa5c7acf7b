import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootCertificates } from 'node:tls'
import { tlsMaterial } from '#door/certificate.ts'
import { DataDirectory } from './data-directory.ts'
import { type OutboundRequest, openOutbound } from './outbound.ts'
import { OutboundAddresses } from './outbound-addresses.ts'

async function listening(answer: RequestListener): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const post = (url: string): OutboundRequest => ({ method: 'POST', url, headers: {}, body: 'x' })
const never = new AbortController().signal

test('requests go to the open Internet only, unless the operator allows more', () => {
  const addresses = new OutboundAddresses([])
  const open = ['1.1.1.1', '52.94.236.248', '2606:4700::1111']
  const closed = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1', '192.168.1.1'],
    ...['224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:1.1.1.1', 'fe80::1', 'fd00:ec2::254'],
    ...['ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'not an address'],
  ]
  for (const address of open) assert.ok(addresses.allows(address), address)
  for (const address of closed) assert.ok(!addresses.allows(address), address)
  const opened = new OutboundAddresses(['10.1.0.0/16', 'fd00::/8'])
  assert.ok(opened.allows('10.1.2.3'))
  assert.ok(opened.allows('fd00::1'))
  assert.ok(!opened.allows('10.2.0.1'))
})

test('an address that is refused is never connected to, however it is written or named', async () => {
  let reached = 0
  await using server = await listening((_request, response) => {
    reached++
    response.end()
  })
  const outbound = openOutbound([])
  const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '127.1', '0.0.0.0']
  for (const host of hosts) {
    const failure = await outbound.send(post(`http://${host}:${server.port}/`), never).catch((error) => error)
    assert.equal(failure.code, 'ADDRESS_REFUSED', host)
    assert.equal(failure.retry, false)
    assert.match(failure.message, /STEWARD_WEBHOOK_ALLOW/)
  }
  assert.equal(reached, 0)
  outbound.close()
})

test('redirects are not followed, answers are read up to a limit, and the asked pause is told', async () => {
  const paths: string[] = []
  await using server = await listening((request, response) => {
    paths.push(request.url ?? '')
    if (request.url === '/away') response.writeHead(302, { location: '/secret' }).end()
    else if (request.url === '/busy') response.writeHead(503, { 'retry-after': '7' }).end('later')
    else response.end(Buffer.alloc(10_000_000, 'a'))
  })
  const outbound = openOutbound(['127.0.0.0/8'])
  const send = (path: string) => outbound.send(post(`http://localhost:${server.port}${path}`), never)
  assert.equal((await send('/away')).status, 302)
  const busy = await send('/busy')
  assert.deepEqual([busy.status, busy.retryAfterSeconds, busy.body], [503, 7, 'later'])
  assert.equal((await send('/big')).body.length, 16_384)
  assert.deepEqual(paths, ['/away', '/busy', '/big'])
  outbound.close()
})

test('who does not answer in time, or is not there, may be tried again', async () => {
  await using server = await listening(() => {})
  const outbound = openOutbound(['127.0.0.0/8'], { timeoutMs: 50 })
  const slow = await outbound.send(post(`http://127.0.0.1:${server.port}/`), never).catch((error) => error)
  assert.deepEqual([slow.code, slow.retry], ['TIMEOUT', true])
  const nobody = await outbound.send(post('http://127.0.0.1:1/'), never).catch((error) => error)
  assert.deepEqual([nobody.code, nobody.retry], ['CONNECTION_FAILURE', true])
  outbound.close()
})

test('a certificate that no known authority signed is refused, unless the operator knows it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-outbound-'))
  const { key, cert } = await tlsMaterial(new DataDirectory(folder), [], new Date())
  let reached = 0
  const server = createSecureServer({ key, cert }, (_request, response) => {
    reached++
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const outbound = openOutbound(['127.0.0.0/8'])
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const failure = await outbound.send(post(url), never).catch((error) => error)
  assert.equal(failure.code, 'CONNECTION_FAILURE')
  assert.match(failure.message, /SELF_SIGNED|UNABLE_TO/)
  assert.equal(reached, 0)
  outbound.close()
  const ca = [...rootCertificates, readFileSync(join(folder, 'ca.pem'), 'utf8')].join('\n')
  const trusting = openOutbound(['127.0.0.0/8'], { ca })
  assert.equal((await trusting.send(post(url), never)).status, 200)
  trusting.close()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})
