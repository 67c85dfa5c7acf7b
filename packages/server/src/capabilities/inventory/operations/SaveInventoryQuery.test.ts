import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListInventoryQueriesResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer } from '@steward/testkit'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'

for (const database of DATABASES) {
  test(`RG-15 queries are saved by name, shared, replaced only on purpose, and deleted (${database})`, async () => {
    await using server = await startServer({ database })
    const call = (operation: string, input: object, more: RawCall = {}) =>
      jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...more })
    const code = async (operation: string, input: object, more: RawCall = {}) => {
      const { status, json } = await call(operation, input, more)
      return status === 200 ? 'ok' : String(json.__type).split('#').at(-1)
    }
    const list = async (input: object = {}, more: RawCall = {}) =>
      (await call('ListInventoryQueries', input, more)).json as unknown as ListInventoryQueriesResult
    assert.deepEqual((await list()).Queries, [])
    assert.equal(await code('SaveInventoryQuery', { Name: 'old ssl', Query: 'select 1' }), 'ok')
    assert.equal(await code('SaveInventoryQuery', { Name: 'old ssl', Query: 'select 2' }), 'InventoryQueryExists')
    assert.equal(await code('SaveInventoryQuery', { Name: 'old ssl', Query: 'select 3', Overwrite: true }), 'ok')
    assert.equal(await code('SaveInventoryQuery', { Name: 'kernels', Query: 'select 4' }), 'ok')
    for (const Name of ['', ' padded', 'x'.repeat(129)])
      assert.equal(await code('SaveInventoryQuery', { Name, Query: 'select 1' }), 'ValidationException')
    const first = await list({ MaxResults: 1 })
    const second = await list({ MaxResults: 1, NextToken: first.NextToken })
    assert.deepEqual(
      [...first.Queries, ...second.Queries].map(({ Name, Query }) => [Name, Query]),
      [
        ['kernels', 'select 4'],
        ['old ssl', 'select 3'],
      ],
    )
    assert.equal(second.NextToken, undefined)
    assert.match(second.Queries[0]!.SavedBy, /root/)

    const statements = [{ Effect: 'Allow', Action: 'steward:ListInventoryQueries', Resource: '*' }]
    const ann = { credentials: await aUser(server, 'ann', { statements }) }
    assert.equal((await list({}, ann)).Queries.length, 2)
    for (const operation of ['SaveInventoryQuery', 'DeleteInventoryQuery'])
      assert.equal(await code(operation, { Name: 'kernels', Query: 'select 1' }, ann), 'AccessDeniedException')
    assert.equal(await code('DeleteInventoryQuery', { Name: 'kernels' }), 'ok')
    assert.equal(await code('DeleteInventoryQuery', { Name: 'kernels' }), 'InventoryQueryNotFound')
    assert.equal((await list()).Queries.length, 1)
  })
}
