import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mock, test } from 'node:test'
import { formatTokenFrame, serverPingSeconds } from '@steward/protocol'
import { WebSocket } from 'ws'
import type { Database } from '#db/database.ts'
import type { Authenticator } from '#door/authenticate.ts'
import { listen } from '#door/listener.ts'
import { systemClock } from '#kernel/clock.ts'
import type { InventoryDirectory } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import type { NodePrincipal } from '#kernel/principal.ts'
import { ControlChannels } from './control-channel.ts'
import { Gateway } from './gateway.ts'

const NODE_ID = 'mi-0123456789abcdef0'
const principal: NodePrincipal = { kind: 'node', account: '1', region: 'r', arn: 'arn', nodeId: NODE_ID, role: 'R' }

/** Control channels without a server around them: everybody is the same node, and nothing is stored. */
async function channels(tokenFrameMs?: number) {
  const parts = { clock: systemClock, ids: randomIds, log: silentLogger }
  const database = { write: async () => [] } as unknown as Database
  const directory = {
    seen: async () => {},
    find: async () => undefined,
    refused: async () => {},
    doubled: async () => {},
    doubles: async () => [],
    serverStarted: async () => {},
  }
  const gateway = new Gateway({
    ...parts,
    database,
    directory,
    channels: [],
    inventory: undefined as unknown as InventoryDirectory,
    wake: () => {},
    sessions: { end: () => {} },
  })
  const authenticator = { identify: async () => ({ principal, region: 'r' }) } as unknown as Authenticator
  const controlChannels = new ControlChannels({
    ...parts,
    gateway,
    authenticator,
    ...(tokenFrameMs ? { tokenFrameMs } : {}),
  })
  const listener = await listen({
    address: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    routes: [(request) => controlChannels.route(request)],
    upgrade: (request, raw) => void controlChannels.upgrade(request, raw),
    log: silentLogger,
  })
  const url = `http://127.0.0.1:${listener.address.port}/v1/control-channel/${NODE_ID}`
  return {
    gateway,
    controlChannels,
    open: (options = {}) => new WebSocket(url.replace('http', 'ws'), options).on('error', () => {}),
    async token() {
      const text = await (await fetch(url, { method: 'POST' })).text()
      return /<TokenValue>([^<]+)/.exec(text)![1]!
    },
    async [Symbol.asyncDispose]() {
      controlChannels.stop()
      await gateway.closeAll('stopping')
      await listener.stop()
    },
  }
}

test('a thousand connections that never send their token are let go', async () => {
  await using server = await channels(200)
  const sockets: WebSocket[] = []
  while (sockets.length < 1000) {
    const some = Array.from({ length: 100 }, () => server.open())
    await Promise.all(some.map((socket) => once(socket, 'open')))
    sockets.push(...some)
  }
  const closed = sockets
    .filter(({ readyState }) => readyState !== WebSocket.CLOSED)
    .map((socket) => once(socket, 'close'))
  await Promise.all(closed)
  assert.equal(server.gateway.connectedCount, 0)
})

test('AGT-04 a node that answers no ping is gone by the next one; one that does stays', async (t) => {
  t.after(() => mock.timers.reset())
  await using server = await channels()
  mock.timers.enable({ apis: ['setInterval'] })
  server.controlChannels.start()
  const connect = async (options = {}) => {
    const socket = server.open(options)
    await once(socket, 'open')
    const frame = { requestId: 'x', tokenValue: await server.token(), agentVersion: '1', platformType: 'linux' }
    socket.send(formatTokenFrame(frame))
    await new Promise((resolve) => socket.once('pong', resolve).ping())
    return socket
  }
  // The ping that made sure that the token was read counts as a sign of life, so the silent one gets another.
  const silent = await connect({ autoPong: false })
  assert.equal(server.gateway.connectedCount, 1)
  const gone = once(silent, 'close')
  mock.timers.tick(serverPingSeconds * 1000)
  await once(silent, 'ping')
  assert.equal(silent.readyState, WebSocket.OPEN)
  mock.timers.tick(serverPingSeconds * 1000)
  assert.equal((await gone)[0], 1006, 'cut, not closed')

  const answering = await connect()
  for (let round = 0; round < 3; round++) {
    const pinged = once(answering, 'ping')
    mock.timers.tick(serverPingSeconds * 1000)
    await pinged
    await new Promise((resolve) => answering.once('pong', resolve).ping())
  }
  assert.equal(answering.readyState, WebSocket.OPEN)
})
