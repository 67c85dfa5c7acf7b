import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiFault, type Fault } from '#fault.ts'
import type { Calls } from '#fleet/patient-calls.ts'
import { type Answer, everyNode, LiveQuery, nodesAway } from './live-query.ts'

/** Answers each operation with what it says, and writes down what was asked. */
function aServer(answers: Record<string, unknown>) {
  const asked: [operation: string, input: object][] = []
  const call = async (operation: string, input: object) => {
    asked.push([operation, input])
    const answer = answers[operation]
    if (answer instanceof Error) throw answer
    return answer
  }
  return { asked, calls: { ssm: call, steward: call } as unknown as Calls }
}

test('INV-19 all nodes are named one by one, or by their group when they are many', async () => {
  const few = aServer({ SearchNodes: { Nodes: [{ InstanceId: 'mi-1' }, { InstanceId: 'mi-2' }], TotalCount: 2 } })
  assert.deepEqual(await everyNode(few.calls), { InstanceIds: ['mi-1', 'mi-2'] })
  const SearchNodes = { Nodes: [], TotalCount: 1000 }
  const many = aServer({ SearchNodes, PreviewTargets: { MatchedCount: 1000 } })
  assert.deepEqual(await everyNode(many.calls), { Targets: [{ Key: 'resource-groups:Name', Values: ['every-node'] }] })
  const none = aServer({ SearchNodes, PreviewTargets: { MatchedCount: 0 } })
  await assert.rejects(everyNode(none.calls), (error: Fault) => {
    assert.match(error.mend ?? '', /^Make it: aws resource-groups create-group --name every-node /)
    return true
  })
})

test('INV-19 whoever may not see nodes may still ask them', async () => {
  const refusal = new ApiFault('PreviewTargets', { code: 'AccessDeniedException', message: '', status: 400 })
  const { calls } = aServer({ PreviewTargets: refusal })
  assert.deepEqual(await nodesAway(calls, { InstanceIds: ['mi-1'] }), new Set())
})

test('INV-19 equal answers are read once, those that an agent cut one by one', async () => {
  const node = (InstanceId: string, ResultId: string, Truncated = false) => ({
    InstanceId,
    InstanceName: '',
    Status: 'Success',
    StatusDetails: 'Success',
    Steps: [{ Name: 'runShellScript', ResultId, Truncated }],
  })
  const Rows = [node('a', 'same'), node('b', 'same'), node('c', 'cut', true), node('d', 'cut', true)]
  const output = { StandardOutputContent: '{"x":1}\n', StandardErrorContent: '', Truncated: false }
  const { asked, calls } = aServer({
    ListCommands: { Commands: [{ Status: 'Success', TargetCount: 4, CompletedCount: 4 }] },
    GetCommandMatrix: { Rows },
    BatchGetCommandOutput: { Outputs: ['a', 'c', 'd'].map((InstanceId) => ({ InstanceId, ...output })) },
  })
  const answers: Answer[] = []
  const listener = { answer: (answer: Answer) => answers.push(answer), progress() {} }
  const query = new LiveQuery(calls, 'command', listener)
  await query.follow(new Set(), new AbortController().signal)
  assert.deepEqual(answers.map(({ nodeId }) => nodeId).toSorted(), ['a', 'b', 'c', 'd'])
  const reads = asked.filter(([operation]) => operation === 'BatchGetCommandOutput').map(([, input]) => input)
  assert.deepEqual(reads, [{ CommandId: 'command', InstanceIds: ['a', 'c', 'd'], NextToken: undefined }])
  assert.deepEqual(
    (await query.outcomes(new Set())).map(({ kind }) => kind),
    ['answered', 'answered', 'answered', 'answered'],
  )
})
