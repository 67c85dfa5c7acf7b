import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { silentLogger } from '#kernel/logger.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import { type ListenerParts, listen } from './listener.ts'

const OK: HttpResponse = { status: 200, headers: {}, body: 'ok' }
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x')

/** A listener whose only route is `route`. */
async function listening(
  route: (request: HttpRequest) => Promise<HttpResponse> | HttpResponse,
  more: Partial<ListenerParts> = {},
) {
  const address = { host: '127.0.0.1', port: 0 }
  const upgrade: ListenerParts['upgrade'] = (_request, { socket }) => socket.destroy()
  const listener = await listen({ address, tls: undefined, routes: [route], upgrade, log: silentLogger, ...more })
  const { port } = listener.address
  return { port, url: `http://127.0.0.1:${port}`, stop: listener.stop, [Symbol.asyncDispose]: listener.stop }
}

/** Everything that the other side says until it ends the connection. */
async function read(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  // A reset after the answer is the other side's right; before it the text is empty and the test sees that.
  socket.on('error', () => {})
  await once(socket, 'close')
  return text
}

function send(port: number, ...parts: (string | Buffer)[]): Socket {
  const socket = connect(port, '127.0.0.1')
  for (const part of parts) socket.write(part)
  return socket
}

test('X-05 a body that is announced too large is answered 413 while its sender goes on sending', async () => {
  await using server = await listening(() => OK)
  const socket = send(server.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 31457280\r\n\r\n')
  const answer = read(socket)
  for (let sent = 0; sent < 30; sent++) socket.write(MEGABYTE)
  const text = await answer
  assert.match(text, /^HTTP\/1\.1 413 /)
  assert.match(text, /\r\nx-amzn-requestid: \S+\r\n/)
  assert.match(text, /"__type":"RequestEntityTooLargeException"/)
  assert.equal(socket.bytesWritten > 31_457_280, true, 'all of it was taken')
})

test('X-05 a body that turns out too large is answered 413, through an ordinary client too', async () => {
  await using server = await listening(() => OK)
  const socket = send(server.port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  const answer = read(socket)
  for (let sent = 0; sent < 14; sent++)
    socket.write(Buffer.concat([Buffer.from('100000\r\n'), MEGABYTE, Buffer.from('\r\n')]))
  socket.write('0\r\n\r\n')
  assert.match(await answer, /^HTTP\/1\.1 413 /)

  const response = await fetch(server.url, { method: 'POST', body: Buffer.alloc(12 * 1024 * 1024) })
  assert.equal(response.status, 413)
  assert.equal(((await response.json()) as { __type: string }).__type, 'RequestEntityTooLargeException')
})

test('X-05 a body that is too large is refused in the words of its protocol', async () => {
  await using server = await listening(() => OK)
  const body = Buffer.alloc(12 * 1024 * 1024)
  const refused = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(server.url + path, { method: 'POST', headers, body })
    assert.equal(response.status, 413)
    return { type: response.headers.get('content-type'), headers: response.headers, text: await response.text() }
  }
  const form = await refused('/', { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
  assert.equal(form.type, 'text/xml')
  assert.match(form.text, /<Code>RequestEntityTooLargeException<\/Code><Message>The request body is larger than /)
  const rest = await refused('/groups-list', { 'content-type': 'application/json' })
  assert.equal(rest.type, 'application/json')
  assert.equal(rest.headers.get('x-amzn-errortype'), 'RequestEntityTooLargeException')
  const json10 = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSSM.PutInventory' }
  assert.equal((await refused('/', json10)).type, 'application/x-amz-json-1.0')
  assert.match((await refused('/', {})).text, /"__type":"RequestEntityTooLargeException"/)
})

test('a body just below the limit arrives whole', async () => {
  await using server = await listening(({ body }) => ({ ...OK, body: String(body.length) }))
  const response = await fetch(server.url, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) })
  assert.equal(await response.text(), String(11 * 1024 * 1024))
})

test('who sends headers or a body too slowly, or nothing at all, is let go', async () => {
  const times = { headersTimeout: 60, wholeRequestTimeout: 120, connectionsCheckingInterval: 20 }
  await using server = await listening(() => OK, { times })
  const answers = await Promise.all([
    read(send(server.port)),
    read(send(server.port, 'POST / HTTP/1.1\r\nHost: a\r\nX-Slow: ')),
    read(send(server.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')),
  ])
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 /)
  assert.equal((await fetch(server.url)).status, 200)
})

test('what is no HTTP is answered with the reason and costs nobody else', async () => {
  await using server = await listening(() => OK)
  assert.match(await read(send(server.port, '\x16\x03\x01 hello\r\n\r\n')), /^HTTP\/1\.1 400 /)
  assert.match(
    await read(send(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n')),
    /^HTTP\/1\.1 400 /,
  )
  assert.match(
    await read(send(server.port, `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)),
    /^HTTP\/1\.1 431 /,
  )
  assert.equal((await fetch(server.url)).status, 200)
})

test('a client that offers HTTP/2 with its request is answered in HTTP/1.1', async () => {
  await using server = await listening(({ body }) => ({ ...OK, body }))
  const head =
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
  const socket = send(server.port, `${head}Content-Length: 5\r\n\r\nhello`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 200 .*hello$/s)
  socket.destroy()
})

test('X-04 headers that are sent more than once are kept apart, and the target may be a whole address', async () => {
  const requests: HttpRequest[] = []
  await using server = await listening((request) => {
    requests.push(request)
    return OK
  })
  const head =
    'GET http://other.example/a%20b?c=d HTTP/1.1\r\nHost: a\r\nX-Twice: 1\r\nx-twice: 2\r\nConnection: close\r\n\r\n'
  await read(send(server.port, head))
  const [{ path, query, headers } = assert.fail()] = requests
  assert.deepEqual(
    { path, query, twice: headers['x-twice'], host: headers.host },
    { path: '/a%20b', query: 'c=d', twice: ['1', '2'], host: 'a' },
  )
})

test('a route learns that its caller went away, also when it asks only afterwards', async () => {
  const [arrived, late] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()]
  await using server = await listening(async (request) => {
    const { signal } = request
    arrived.resolve()
    await once(signal, 'abort')
    late.resolve(request.signal.aborted)
    return OK
  })
  const socket = send(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await arrived.promise
  socket.resetAndDestroy()
  assert.equal(await late.promise, true)
})

test('a caller that leaves in the middle of its body reaches no route and is no error', async () => {
  const reached: string[] = []
  await using server = await listening(({ path }) => {
    reached.push(path)
    return OK
  })
  const socket = send(server.port, 'POST /left HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
  await once(socket, 'connect')
  socket.resetAndDestroy()
  await once(socket, 'close')
  assert.equal((await fetch(`${server.url}/stayed`)).status, 200)
  assert.deepEqual(reached, ['/stayed'])
})

test('what a route throws is an answer of 500 without its reason', async () => {
  await using server = await listening(() => Promise.reject(new Error('secret')))
  const response = await fetch(server.url)
  assert.equal(response.status, 500)
  assert.equal(await response.text(), 'The server could not answer.\n')
})

test('a taken port and one that this user may not have are said in a sentence', async () => {
  await using server = await listening(() => OK)
  const address = { host: '127.0.0.1', port: server.port }
  await assert.rejects(
    listening(() => OK, { address }),
    { message: /already in use\. Is another Steward running\?/ },
  )
})

test('whoever has a connection when the server stops is told with the next answer that it is the last', async () => {
  const last = Promise.withResolvers<HttpResponse>()
  await using server = await listening(({ path }) => (path === '/slow' ? last.promise : OK))
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
  const [slow, idle] = [send(server.port, get('/slow')), send(server.port, get('/'))]
  const [first] = (await once(idle, 'data')) as [Buffer]
  assert.match(first.toString(), /^HTTP\/1\.1 200 OK\r\n(?!.*connection: close)/is)
  const answers = Promise.all([read(slow), read(idle)])
  const stopped = server.stop()
  idle.write(get('/again'))
  last.resolve(OK)
  for (const answer of await answers) assert.match(answer, /^HTTP\/1\.1 200 OK\r\nconnection: close\r\n.*ok$/is)
  await stopped
  await assert.rejects(fetch(server.url))
})
