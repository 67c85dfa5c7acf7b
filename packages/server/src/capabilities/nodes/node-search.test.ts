import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchNodesRequest } from '@steward/model/generated/steward.ts'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { tagsCapability } from '#capabilities/tags/index.ts'
import type { Database } from '#db/database.ts'
import { nodesCapability } from './index.ts'
import { groupNodes, type NodeCursor, searchConditions, searchNodes, toFleetNodes } from './node-search.ts'
import { addManyNodes } from './testing/many-nodes.ts'

const migrations = { ...tagsCapability.migrations, ...nodesCapability.migrations }
const scope = { account: '123456789012', region: 'eu-west-1' }
const now = new Date('2026-11-21T10:00:00Z')

function search(db: Database, input: SearchNodesRequest, after?: NodeCursor) {
  const conditions = searchConditions(input)
  const order = { by: input.SortBy, descending: input.SortOrder === 'Descending' }
  return db.read(async (reader) => {
    const page = { after, offset: input.Offset ?? 0, limit: input.MaxResults ?? 50 }
    const { nodes, total, next } = await searchNodes(reader, scope, conditions, order, now, page)
    return { total, next, nodes: await toFleetNodes(reader, scope, nodes) }
  })
}

for (const kind of DATABASES) {
  test(`CON-07 words are found in whatever is known of a node, and each narrows (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await addManyNodes(db, scope, 120, now)
    const count = async (Query: string) => (await search(db, { Query })).total
    assert.equal(await count(''), 120)
    assert.equal(await count('WEB-7.'), 1)
    assert.equal(await count('mi-0000000000000000f'), 1)
    assert.equal(await count('ubuntu'), 40)
    assert.equal(await count('ubuntu lost'), 4)
    assert.equal(await count('online'), 108)
    assert.equal(await count('1.9.0'), 30)
    assert.equal(await count('env=prod'), 24)
    assert.equal(await count('r17'), 2)
    assert.equal(await count('nothing-has-this'), 0)
    assert.equal(await count('%'), 0)
    assert.equal(await count('web_7'), 0)
  })

  test(`AGT-05 filters, order and groups go by attributes and tags alike (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await addManyNodes(db, scope, 60, now)
    const count = async (...Filters: SearchNodesRequest['Filters'] & object) => (await search(db, { Filters })).total
    assert.equal(await count({ Key: 'IsLatestVersion', Values: ['false'] }), 15)
    assert.equal(await count({ Key: 'PlatformName', Type: 'Contains', Values: ['linux'] }), 40)
    assert.equal(await count({ Key: 'tag:env', Type: 'NotEqual', Values: ['prod'] }), 48)
    assert.equal(await count({ Key: 'tag:env', Type: 'NotExists' }), 2)
    assert.equal(await count({ Key: 'tag:rack', Type: 'BeginWith', Values: ['r3'] }), 12)
    assert.equal(await count({ Key: 'AgentVersion', Type: 'GreaterThan', Values: ['1.9.5'] }), 45)
    assert.equal(await count({ Key: 'Name', Type: 'Exists' }), 0)
    assert.throws(() => searchConditions({ Filters: [{ Key: 'Colour', Values: ['red'] }] }), { code: 'InvalidFilter' })
    assert.throws(() => searchConditions({ Filters: [{ Key: 'Name' }] }), { code: 'InvalidFilter' })

    const groups = await db.read((reader) => groupNodes(reader, scope, [], 'tag:env', now))
    assert.deepEqual(groups, [
      { Value: 'dev', Count: 46, Online: 46 },
      { Value: 'prod', Count: 12, Online: 6 },
      { Value: undefined, Count: 2, Online: 2 },
    ])
    const byStatus = await db.read((reader) => groupNodes(reader, scope, [], 'PingStatus', now))
    assert.deepEqual(
      byStatus.map(({ Value, Count }) => [Value, Count]),
      [
        ['Online', 54],
        ['ConnectionLost', 6],
      ],
    )
  })

  test(`AGT-05 pages of any order show every node once (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await addManyNodes(db, scope, 60, now)
    for (const SortBy of [undefined, 'AgentVersion', 'tag:rack', 'PingStatus', 'Name']) {
      for (const SortOrder of ['Ascending', 'Descending'] as const) {
        const ids: string[] = []
        let after: NodeCursor | undefined
        do {
          const page = await search(db, { SortBy, SortOrder, MaxResults: 25 }, after)
          ids.push(...page.nodes.map(({ InstanceId }) => InstanceId ?? ''))
          assert.equal(page.total, 60)
          after = page.next
        } while (after)
        assert.equal(new Set(ids).size, 60)
        assert.equal(ids.length, 60)
      }
    }
    const { total } = await search(db, { Query: 'ubuntu', Offset: 100 })
    assert.equal(total, 20, 'beyond the last page the number is still known')
    const { nodes } = await search(db, { SortBy: 'AgentVersion', SortOrder: 'Ascending', MaxResults: 1 })
    assert.equal(nodes[0]?.AgentVersion, '1.9.0')
    assert.deepEqual(nodes[0]?.Tags, [
      { Key: 'env', Value: 'prod' },
      { Key: 'rack', Value: 'r0' },
    ])
  })
}
