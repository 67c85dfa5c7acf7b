import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { type TestContext, test } from 'node:test'
import { joinConnection } from '#session/join-connection.ts'
import { Smux } from '#session/smux.ts'

/** A service behind a tunnel, a connection at the tunnel's other end, and how the tunnel's own connection to the service ends. */
async function tunnelTo(service: Server, t: TestContext, halfClose = true) {
  const port = await listening(service, t)
  const left = Promise.withResolvers<void>()
  const client: Smux = new Smux({
    role: 'client',
    write: (bytes) => queueMicrotask(() => server.receive(bytes)),
    hasRoom: () => true,
  })
  const server: Smux = new Smux({
    role: 'server',
    write: (bytes) => queueMicrotask(() => client.receive(bytes)),
    hasRoom: () => true,
    onStream: (stream) => {
      const connection = connect({ port, allowHalfOpen: true }).on('close', () => left.resolve())
      joinConnection(stream, connection, halfClose)
    },
  })
  const entrance = createServer({ allowHalfOpen: true }, (socket) => joinConnection(client.open(), socket, halfClose))
  const socket = connect({ port: await listening(entrance, t), allowHalfOpen: true })
  t.after(() => socket.destroy())
  return { socket, left: left.promise }
}

async function listening(server: Server, t: TestContext): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('a large answer comes whole through a tunnel, to a reader who is slower', async (t) => {
  const answer = Buffer.alloc(8_000_000, 'abc')
  const { socket } = await tunnelTo(
    createServer((connection) => connection.end(answer)),
    t,
  )
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  assert.ok(Buffer.concat(parts).equals(answer))
})

test('who has said all can still be answered', async (t) => {
  const service = createServer({ allowHalfOpen: true }, (connection) => {
    let asked = ''
    connection.setEncoding('utf8').on('data', (part) => {
      asked += part
    })
    connection.on('end', () => connection.end(`You asked ${asked}`))
  })
  const { socket } = await tunnelTo(service, t)
  socket.end('something')
  let answer = ''
  for await (const part of socket.setEncoding('utf8')) answer += part
  assert.equal(answer, 'You asked something')
})

test('to a peer for whom an end is the end of both directions, it is', async (t) => {
  // A service that would stay for ever.
  const service = createServer({ allowHalfOpen: true }, (connection) => t.after(() => connection.destroy()))
  const { socket, left } = await tunnelTo(service, t, false)
  socket.end()
  await left
})

test('a connection that breaks ends its stream', async (t) => {
  const service = createServer((connection) => connection.on('data', () => connection.resetAndDestroy()))
  const { socket } = await tunnelTo(service, t)
  socket.write('x')
  const closed = once(socket, 'end')
  socket.resume()
  await closed
})
