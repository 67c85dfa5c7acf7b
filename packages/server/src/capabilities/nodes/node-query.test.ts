import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentVersion } from '@steward/agent/version.ts'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { addResource } from '#capabilities/tags/index.ts'
import { tagsCapability } from '../tags/index.ts'
import { nodesCapability } from './index.ts'
import type { HealthReport } from './node.ts'
import type { NodeAttribute, NodeCondition, Operator } from './node-condition.ts'
import { countNodes, listNodes, type StoredAttribute } from './node-query.ts'
import { addNode, recordHealth, setRole } from './node-store.ts'
import { findNodes, nodesMatching } from './targets.ts'

const scope = { account: '123456789012', region: 'eu-west-1' }
const elsewhere = { account: '123456789012', region: 'us-east-1' }
const now = new Date('2026-03-01T12:00:00.000Z')

const REPORTS: Record<string, HealthReport> = {
  n1: { agentName: 'steward-agent', agentVersion: '0.9.0', platformType: 'Linux', platformVersion: '22.04' },
  n2: { agentName: 'steward-agent', agentVersion: '0.10.0', platformType: 'Linux', platformVersion: '9' },
  n3: { agentName: 'amazon-ssm-agent', agentVersion: '3.2.0.0', platformType: 'Windows', computerName: '100%_x' },
  n4: { computerName: '100 x', ipAddress: '10.0.0.4' },
}

async function open(kind: (typeof DATABASES)[number]) {
  const db = await openTestDatabase(kind, { ...tagsCapability.migrations, ...nodesCapability.migrations })
  await db.write(async (tx) => {
    for (const [nodeId, report] of Object.entries(REPORTS)) {
      const given = { activationId: 'x', iamRole: `role-${nodeId}`, name: undefined, fingerprint: 'f', publicKey: 'k' }
      await addNode(tx, { scope, nodeId, ...given, registeredAt: now })
      await addResource(tx, scope, { type: 'ManagedInstance', id: nodeId }, [
        { Key: 'even', Value: `${nodeId === 'n2'}` },
      ])
      await recordHealth(tx, scope, nodeId, report, now)
    }
    const other = { activationId: 'x', iamRole: 'r', name: 'other', fingerprint: 'f', publicKey: 'k' }
    await addNode(tx, { scope: elsewhere, nodeId: 'n5', ...other, registeredAt: now })
  })
  const page = { after: undefined, limit: 100 }
  const list = async (...conditions: NodeCondition[]) => {
    const nodes = await db.read((reader) => listNodes(reader, scope, conditions, now, page))
    return nodes.map(({ nodeId }) => nodeId).join(' ')
  }
  const where = (attribute: NodeAttribute, operator: Operator, ...values: string[]) =>
    list({ attribute, operator, values })
  return { db, list, where }
}

for (const kind of DATABASES) {
  test(`AGT-06 each operator means what it says, for values a node has not told too (${kind})`, async () => {
    const { db, list, where } = await open(kind)
    await using _ = db
    assert.equal(await list(), 'n1 n2 n3 n4')
    assert.equal(await where('agentName', 'Equal', 'steward-agent', 'nothing'), 'n1 n2')
    assert.equal(await where('agentName', 'NotEqual', 'steward-agent', 'nothing'), 'n3 n4')
    assert.equal(await where('iamRole', 'BeginWith', 'role-n1', 'role-n4'), 'n1 n4')
    assert.equal(await where('computerName', 'BeginWith', '100%_'), 'n3', 'nothing stands for anything else')
    assert.equal(await where('agentName', 'BeginWith', 'Steward'), '', 'upper and lower case differ')
    assert.equal(await where('agentVersion', 'GreaterThan', '0.9.0'), 'n2 n3', 'versions, not texts')
    assert.equal(await where('agentVersion', 'LessThan', '0.10.0'), 'n1')
    assert.equal(await where('platformVersion', 'LessThan', '10'), 'n2')
    assert.equal(await where('nodeId', 'GreaterThan', 'n2'), 'n3 n4')
    assert.equal(await where('pingStatus', 'Equal', 'Online'), 'n1 n2 n3 n4')
    assert.equal(await where('pingStatus', 'NotEqual', 'Online'), '')
    assert.equal(await where('instanceStatus', 'BeginWith', 'Act'), 'n1 n2 n3 n4')
    assert.equal(await list({ always: true }, { tag: { key: 'even', values: ['true'] } }), 'n2')
    assert.equal(await list({ always: false }), '')
    const [linux, old] = [
      { attribute: 'platformType', operator: 'Equal', values: ['Linux'] },
      { attribute: 'agentVersion', operator: 'LessThan', values: ['0.10.0'] },
    ] as const
    assert.equal(await list(linux, old), 'n1', 'all conditions must hold')
  })

  test(`X-08 pages follow each other by id, and a new node in between moves none of them (${kind})`, async () => {
    const { db } = await open(kind)
    await using _ = db
    const page = (after: string | undefined) =>
      db
        .read((reader) => listNodes(reader, scope, [], now, { after, limit: 2 }))
        .then((nodes) => nodes.map(({ nodeId }) => nodeId))
    assert.deepEqual(await page(undefined), ['n1', 'n2'])
    const given = { activationId: 'x', iamRole: 'r', name: undefined, fingerprint: 'f', publicKey: 'k' }
    await db.write((tx) => addNode(tx, { scope, nodeId: 'n0', ...given, registeredAt: now }))
    assert.deepEqual(await page('n2'), ['n3', 'n4'])
    assert.deepEqual(await page('n4'), [])
  })

  test(`AGT-05 AGT-14 Amazon's agent is the latest if none in the Region is newer, ours if the server has none that is newer (${kind})`, async () => {
    const { db, where } = await open(kind)
    await using _ = db
    const told = async (nodeId: string, agentName: string, agentVersion: string) =>
      db.write((tx) => recordHealth(tx, scope, nodeId, { agentName, agentVersion }, now))
    const latest = async () => {
      const nodes = await db.read((reader) => listNodes(reader, scope, [], now, { after: undefined, limit: 9 }))
      const shown = nodes.filter(({ isLatestVersion }) => isLatestVersion).map(({ nodeId }) => nodeId)
      assert.equal(await where('isLatestVersion', 'Equal', 'true'), shown.join(' '), 'filters agree with lists')
      assert.equal(nodes.at(-1)!.isLatestVersion === undefined, nodes.at(-1)!.facts.agentVersion === undefined)
      return shown.join(' ')
    }
    assert.equal(await latest(), 'n1 n2 n3', 'n4 has told none')
    await told('n1', 'steward-agent', '0.0.9')
    await told('n2', 'steward-agent', '0.0.10')
    assert.equal(await latest(), 'n3', 'nobody runs what the server has')
    await told('n1', 'steward-agent', agentVersion)
    await told('n4', 'amazon-ssm-agent', '3.10.0.0')
    assert.equal(await latest(), 'n1 n4')
  })

  test(`nodes are counted by combinations of what they told (${kind})`, async () => {
    const { db } = await open(kind)
    await using _ = db
    const count = async (...by: StoredAttribute[]) => {
      const groups = await db.read((reader) => countNodes(reader, scope, [], by, now))
      return groups.map(({ values, count }) => `${values.join('/')}=${count}`).sort()
    }
    assert.deepEqual(await count('platformType'), ['Linux=2', 'Windows=1'])
    assert.deepEqual(await count('platformType', 'platformVersion'), ['Linux/22.04=1', 'Linux/9=1'])
    assert.deepEqual(await count(), ['=4'])
  })

  test(`HYB-09 what changes is listed and found by at once, and the rest stays (${kind})`, async () => {
    const { db, where } = await open(kind)
    await using _ = db
    await db.write((tx) => setRole(tx, scope, 'n1', 'other'))
    await db.write((tx) => recordHealth(tx, scope, 'n1', { agentVersion: '0.11.0' }, now))
    assert.equal(await where('iamRole', 'Equal', 'other'), 'n1')
    assert.equal(await where('agentVersion', 'GreaterThan', '0.10.0'), 'n1 n3')
    const [node] = await db.read((reader) => listNodes(reader, scope, [], now, { after: undefined, limit: 1 }))
    assert.deepEqual(
      [node?.facts.iamRole, node?.facts.agentVersion, node?.facts.platformVersion, node?.isLatestVersion],
      ['other', '0.11.0', '22.04', true],
    )
    assert.equal(await db.write((tx) => setRole(tx, elsewhere, 'n1', 'other')), false)
    assert.equal(await db.write((tx) => recordHealth(tx, elsewhere, 'n1', {}, now)), false)
  })

  test(`T-01 targets are looked up by id and by tag, all of them must fit (${kind})`, async () => {
    const { db } = await open(kind)
    await using _ = db
    const match = async (...targets: { Key: string; Values: string[] }[]) => {
      const nodes = await db.read((reader) => nodesMatching(reader, scope, targets))
      return nodes.map(({ nodeId }) => nodeId).join(' ')
    }
    const even = (...Values: string[]) => ({ Key: 'tag:even', Values })
    assert.equal(await match({ Key: 'InstanceIds', Values: ['n4', 'n1', 'n5', 'unknown'] }), 'n1 n4')
    assert.equal(await match({ Key: 'instanceids', Values: ['n1'] }), 'n1')
    assert.equal(await match(even('true')), 'n2')
    assert.equal(await match(even('true', 'false')), 'n1 n2 n3 n4')
    assert.equal(await match({ Key: 'tag-key', Values: ['even'] }), 'n1 n2 n3 n4')
    assert.equal(await match(even('false'), { Key: 'InstanceIds', Values: ['n1', 'n2'] }), 'n1')
    assert.equal(await match(even('')), '', 'T-06a: an empty value is not any value')
    assert.equal(await match({ Key: 'InstanceIds', Values: [] }), '')
    assert.equal(await match({ Key: 'something', Values: ['n1'] }), '')
    const [found] = await db.read((reader) => findNodes(reader, scope, ['n3', 'n5']))
    assert.deepEqual(found, { nodeId: 'n3', name: '100%_x', platformType: 'Windows' })
    assert.deepEqual(await db.read((reader) => findNodes(reader, scope, [])), [])
  })
}
