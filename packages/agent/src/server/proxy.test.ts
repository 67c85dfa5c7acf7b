import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { openHttp } from '#server/http.ts'
import { openTunnel, proxyFor } from '#server/proxy.ts'
import { fixture, StubServer } from '#testing/stub-server.ts'

const proxy = (url: string, environment: { [name: string]: string }) => proxyFor(new URL(url), environment)?.href

test('AGT-03 the proxy is chosen by scheme and exceptions', () => {
  const set = {
    HTTPS_PROXY: 'http://p:3128',
    http_proxy: 'q:8080',
    NO_PROXY: 'inner.example, .corp.example, odd.example:8443',
  }
  assert.equal(proxy('https://x.example/', set), 'http://p:3128/')
  assert.equal(proxy('wss://x.example/', set), 'http://p:3128/')
  assert.equal(proxy('http://x.example/', set), 'http://q:8080/')
  for (const direct of [
    'https://inner.example/',
    'https://a.corp.example/',
    'https://odd.example:8443/',
    'https://127.0.0.1/',
    'https://[::1]/',
  ]) {
    assert.equal(proxy(direct, set), undefined, direct)
  }
  assert.equal(proxy('https://odd.example/', set), 'http://p:3128/')
  assert.equal(proxy('https://x.example/', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }), undefined)
  assert.equal(proxy('https://x.example/', {}), undefined)
})

async function startProxy() {
  const asked: { url: string | undefined; login: string | undefined }[] = []
  const server = createServer().listen(0, '127.0.0.1')
  server.on('connect', (request, client) => {
    asked.push({ url: request.url, login: request.headers['proxy-authorization'] })
    if (request.url?.startsWith('forbidden')) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const [, port] = request.url!.split(':')
    const target = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(target).pipe(client)
    })
    client.on('error', () => target.destroy())
    target.on('error', () => client.destroy())
  })
  await once(server, 'listening')
  const url = new URL(`http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`)
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { asked, url, [Symbol.asyncDispose]: close }
}

test('AGT-03 TLS is spoken through the tunnel of a proxy that wants a login', async () => {
  await using server = await StubServer.start(true)
  await using through = await startProxy()
  const target = new URL('/healthz', server.url)
  const socket = await openTunnel(target, through.url, 5000)
  socket.destroy()
  assert.deepEqual(through.asked, [{ url: target.host, login: `Basic ${Buffer.from('me:p@ss').toString('base64')}` }])
  // The stub is on loopback, which is never proxied; by name it is.
  const named = new URL(target)
  named.hostname = 'server.invalid'
  process.env.HTTPS_PROXY = through.url.href
  try {
    await assert.rejects(openHttp({ method: 'GET', url: named, ca: fixture('ca.pem'), timeoutMs: 5000 }), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    assert.equal(through.asked.length, 2)
  } finally {
    delete process.env.HTTPS_PROXY
  }
})

test('a proxy that refuses or is not there is named in the error', async () => {
  await using through = await startProxy()
  await assert.rejects(openTunnel(new URL('https://forbidden:1/'), through.url, 5000), /proxy 127.* answered 403/)
  const nowhere = new URL('http://127.0.0.1:1')
  await assert.rejects(openTunnel(new URL('https://x/'), nowhere, 5000), /proxy 127\.0\.0\.1:1 cannot be reached/)
})
