import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InvocationResult } from './invocation-result.ts'
import { NodeOutputs } from './node-outputs.ts'
import { ending, groupOutputs, renderGroups } from './output-groups.ts'

function aFleet(nodes: Record<string, { output: string } & Partial<InvocationResult>>) {
  const outputs = new NodeOutputs()
  const results = Object.entries(nodes).map(([nodeId, { output, ...more }]) => {
    if (output) outputs.add({ nodeId, step: 'run', stream: 'stdout', data: Buffer.from(output) })
    const base = { nodeId, nodeName: '', status: 'Success', statusDetails: 'Success', responseCode: 0 }
    return { ...base, stepsWithOutput: [], ...more }
  })
  return { results, outputs }
}

test('RC-21 equal outputs are shown once, the largest group first', () => {
  const { results, outputs } = aFleet({
    a: { output: 'old\n' },
    b: { output: 'new\n' },
    c: { output: 'new\n' },
    d: { output: 'new\n', status: 'Failed', statusDetails: 'Failed', responseCode: 2 },
  })
  const groups = groupOutputs(results, outputs)
  assert.deepEqual(
    groups.map(({ results }) => results.map(({ nodeId }) => nodeId)),
    [['b', 'c'], ['d'], ['a']],
  )
  assert.equal(
    renderGroups(groups, 'id'),
    '2 nodes, Success: b, c\nnew\n\n1 node, Failed, exit code 2: d\nnew\n\n1 node, Success: a\nold\n',
  )
})

test('a group names a few nodes and counts the rest; no output and cut output are told', () => {
  const many = aFleet(Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`n${index}`, { output: '' }])))
  assert.equal(
    renderGroups(groupOutputs(many.results, many.outputs), 'id'),
    '11 nodes, Success: n0, n1, n2, n3, n4, n5, n6, n7 and 3 more\n(no output)\n',
  )
  const long = aFleet({ a: { output: 'x'.repeat(70_000) } })
  assert.match(
    renderGroups(groupOutputs(long.results, long.outputs), 'id'),
    /x\n… and 4464 characters more: steward logs id --node a\n$/,
  )
})

test('an ending is told in words, with the detail where it says more', () => {
  const result = aFleet({ a: { output: '' } }).results[0]!
  assert.equal(ending(result), 'Success')
  assert.equal(ending({ ...result, status: 'Failed', statusDetails: 'Failed', responseCode: 3 }), 'Failed, exit code 3')
  assert.equal(
    ending({ ...result, status: 'TimedOut', statusDetails: 'DeliveryTimedOut', responseCode: -1 }),
    'TimedOut (DeliveryTimedOut)',
  )
})
