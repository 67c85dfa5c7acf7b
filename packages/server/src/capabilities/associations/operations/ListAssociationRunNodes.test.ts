import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListAssociationRunNodesResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { StateManager } from '../testing/state-manager.ts'

for (const database of DATABASES) {
  test(`STM-20 a run says of each node what it came to and why (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const nodes = await server.fakeNodes(3, { tags: { role: 'web' } })
    const { id } = await state.create({ MaxConcurrency: '1', MaxErrors: '0' })
    await server.settle()
    for (const node of nodes) await state.poll(node, 'Failed')
    const [run] = await state.executions(id)
    const ask = (more: object) => {
      const input = { AssociationId: id, ExecutionId: run!.ExecutionId, ...more }
      return jsonCall(server, 'Steward.ListAssociationRunNodes', input, { service: 'steward' })
    }
    const read = async (more: object) => (await ask(more)).json as unknown as ListAssociationRunNodesResult
    const first = await read({ MaxResults: 2 })
    const rest = await read({ MaxResults: 2, NextToken: first.NextToken })
    const all = [...first.Nodes, ...rest.Nodes]
    assert.equal(rest.NextToken, undefined)
    assert.deepEqual(all.map(({ Status }) => Status).sort(), ['Failed', 'Skipped', 'Skipped'])
    for (const { Status, ExecutionSummary, ErrorCode } of all)
      if (Status === 'Skipped') assert.match(`${ExecutionSummary} ${ErrorCode}`, /\w{4}/)
    assert.equal((await ask({ ExecutionId: id })).status, 400)
  })
}
