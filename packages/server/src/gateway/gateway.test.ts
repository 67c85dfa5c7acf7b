import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#db/database.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Channel, InventoryDirectory, NodeRef } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import { Gateway } from './gateway.ts'

const scope = { account: '1', region: 'r' }

/** A gateway whose nodes poll, and whose one channel hands out nothing; `next` is told who is asked for. */
function gatewayWith(next: (nodeIds: string[]) => Promise<void>, nodeIds: readonly string[]): Gateway {
  const channel: Channel = {
    name: 'test',
    async next(nodes: readonly NodeRef[]) {
      await next(nodes.map(({ nodeId }) => nodeId))
      return []
    },
    report: async () => [],
  }
  const gateway = new Gateway({
    clock: systemClock,
    ids: randomIds,
    log: silentLogger,
    database: { write: (work: (tx: unknown) => unknown) => work(undefined) } as unknown as Database,
    directory: {
      seen: async () => {},
      find: async () => undefined,
      refused: async () => {},
      doubled: async () => {},
      doubles: async () => [],
      serverStarted: async () => {},
    },
    channels: [channel],
    inventory: undefined as unknown as InventoryDirectory,
    wake: () => {},
    sessions: { end: () => {} },
  })
  for (const nodeId of nodeIds)
    gateway.polling({ node: { scope, nodeId }, sourceIp: '', credentials: undefined, deliver() {}, close() {} })
  return gateway
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index}`)
}

test('who waits until the nodes that are woken were asked for does not wait for those that are woken later', async () => {
  const nodeIds = names(512)
  const asked: string[] = []
  const turns: (() => void)[] = []
  const gateway = gatewayWith(async (ids) => {
    asked.push(...ids)
    await new Promise<void>((resolve) => turns.push(resolve))
  }, nodeIds)
  const nextTurn = async () => {
    while (turns.length === 0) await new Promise((resolve) => setImmediate(resolve))
    turns.shift()!()
  }
  const first = gateway.asked().then(() => asked.length)
  await nextTurn()
  gateway.wakeNodes(scope, nodeIds.slice(0, 10))
  const second = gateway.asked().then(() => asked.length)
  await nextTurn()
  assert.equal(await first, 512)
  await nextTurn()
  assert.equal(await second, 522)
  await gateway.asked()
})

test('nodes that could not be asked for are asked again, and who waits for them is told then', async () => {
  const nodeIds = names(3)
  let attempts = 0
  const gateway = gatewayWith(async () => {
    // The channel is asked once with all others and once alone.
    if (++attempts > 2) return
    gateway.wakeNodes(scope, nodeIds)
    throw new Error('no database')
  }, nodeIds)
  gateway.wakeNodes(scope, nodeIds)
  await gateway.asked()
  assert.equal(attempts, 3)
  assert.equal(gateway.busy(), undefined)
})
