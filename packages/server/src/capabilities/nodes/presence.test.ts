import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PingStatus } from '@steward/model/generated/ssm.ts'
import { DATABASES, type DatabaseKind, openTestDatabase } from '@steward/testkit'
import type { Database } from '#db/database.ts'
import type { Sighting } from '#kernel/declare.ts'
import { tagsCapability } from '../tags/index.ts'
import { nodesCapability } from './index.ts'
import { listNodes } from './node-query.ts'
import { addNode, isConnected, recordHealth } from './node-store.ts'
import { seen, serverStarted } from './presence.ts'

const scope = { account: '123456789012', region: 'eu-west-1' }
const start = new Date('2026-03-01T12:00:00.000Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const DAY = 86_400

/** A database with the nodes a, b and c, registered at second 0, and what the tests say of them. */
async function open(kind: DatabaseKind) {
  const db = await openTestDatabase(kind, { ...tagsCapability.migrations, ...nodesCapability.migrations })
  for (const nodeId of ['a', 'b', 'c']) {
    const given = { activationId: 'x', iamRole: 'r', name: undefined, fingerprint: 'f', publicKey: 'k' }
    await db.write((tx) => addNode(tx, { scope, nodeId, ...given, registeredAt: start }))
  }
  const see = (...events: [Sighting['event'], string, number][]) =>
    db.write((tx) =>
      seen(
        tx,
        events.map(([event, nodeId, second]) => ({
          scope,
          nodeId,
          at: at(second),
          event,
          channel: event === 'alive' ? 'ec2messages' : 'ssmmessages',
        })),
      ),
    )
  return { db, see, status: (nodeId: string, second: number) => statusOf(db, nodeId, second) }
}

async function statusOf(db: Database, nodeId: string, second: number): Promise<PingStatus | undefined> {
  const nodes = await db.read((reader) => listNodes(reader, scope, [], at(second), { after: undefined, limit: 9 }))
  const node = nodes.find((listed) => listed.nodeId === nodeId)
  // The same rule must hold where it is a filter.
  const condition = { attribute: 'pingStatus' as const, operator: 'Equal' as const, values: [node!.pingStatus] }
  const same = await db.read((reader) =>
    listNodes(reader, scope, [condition], at(second), { after: undefined, limit: 9 }),
  )
  assert.ok(same.some((listed) => listed.nodeId === nodeId))
  return node?.pingStatus
}

for (const kind of DATABASES) {
  test(`AGT-04 a node is online while its channel is open and lost within ten seconds after (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    assert.equal(await status('a', 1), 'ConnectionLost')
    await see(['connected', 'a', 10])
    assert.equal(await status('a', 10), 'Online')
    assert.equal(await status('a', 40 * DAY), 'Online')
    assert.equal(await db.read((reader) => isConnected(reader, scope, 'a')), true)
    await see(['disconnected', 'a', 100])
    assert.equal(await status('a', 104), 'Online', 'it may come back at once')
    assert.equal(await status('a', 106), 'ConnectionLost')
    assert.equal(await db.read((reader) => isConnected(reader, scope, 'a')), false)
    assert.equal(await db.read((reader) => isConnected(reader, scope, 'nobody')), false)
  })

  test(`AGT-04 a node that was away for more than 30 days is inactive (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    await see(['connected', 'a', 10], ['disconnected', 'a', 20])
    assert.equal(await status('a', 30 * DAY), 'ConnectionLost')
    assert.equal(await status('a', 30 * DAY + 60), 'Inactive')
    assert.equal(await status('b', 30 * DAY + 60), 'Inactive', 'never seen at all')
  })

  test(`AGT-04 a health report keeps a node without a channel online for two more reports (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    const report = (second: number) => db.write((tx) => recordHealth(tx, scope, 'a', {}, at(second)))
    await report(0)
    assert.equal(await status('a', 659), 'Online')
    assert.equal(await status('a', 661), 'ConnectionLost')
    await see(['connected', 'a', 700])
    await report(710)
    await see(['disconnected', 'a', 720])
    assert.equal(await status('a', 726), 'ConnectionLost', 'the lost channel tells more than the report before it')
    const [node] = await db.read((reader) => listNodes(reader, scope, [], at(0), { after: undefined, limit: 1 }))
    assert.deepEqual(node?.lastPingAt, at(710))
  })

  test(`AGT-02 a long poll keeps a node online until the next is overdue (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    await see(['alive', 'a', 0])
    assert.equal(await status('a', 29), 'Online')
    assert.equal(await status('a', 31), 'ConnectionLost')
    await see(['alive', 'b', 0])
    await see(['alive', 'b', 5])
    assert.equal(await status('b', 31), 'ConnectionLost', 'so small a step is not worth a write')
    await see(['alive', 'b', 18])
    assert.equal(await status('b', 47), 'Online')
  })

  test(`AGT-04 a batch of sightings comes to what its last ones say (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    await see(
      ['connected', 'a', 0],
      ['disconnected', 'a', 1],
      ['disconnected', 'b', 0],
      ['connected', 'b', 1],
      ['alive', 'c', 0],
      ['disconnected', 'c', 1],
    )
    assert.equal(await status('a', 7), 'ConnectionLost')
    assert.equal(await status('b', 7), 'Online')
    assert.equal(await status('c', 7), 'ConnectionLost')
    await see(['disconnected', 'c', 10], ['alive', 'c', 11], ['connected', 'unknown', 11])
    assert.equal(await status('c', 40), 'Online')
  })

  test(`AGT-04 after a restart connected nodes have half a minute to come back (${kind})`, async () => {
    const { db, see, status } = await open(kind)
    await using _ = db
    await see(['connected', 'a', 0], ['connected', 'b', 0], ['disconnected', 'b', 1])
    await db.write((tx) => serverStarted(tx, at(100)))
    assert.equal(await status('a', 129), 'Online')
    assert.equal(await status('a', 131), 'ConnectionLost')
    assert.equal(await status('b', 101), 'ConnectionLost')
  })
}
