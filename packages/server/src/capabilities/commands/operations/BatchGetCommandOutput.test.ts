import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BatchGetCommandOutputResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, type FakeAgent, type FakeJob, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { RunCommand } from '../testing/run-command.ts'

const STEP = 'aws:runShellScript'
const TRUNCATED = '--output truncated--'

for (const database of DATABASES) {
  test(`INV-19 what nodes said is read together, whatever agent they have (${database})`, async () => {
    await using server = await startServer({ database })
    const { run, id, nodes } = await sent(server, 4)
    const [short, ours, amazons, running] = nodes as [FakeAgent, FakeAgent, FakeAgent, FakeAgent]
    const beginning = `${'x'.repeat(23_000)}${TRUNCATED}`
    await Promise.all([
      short.runNext({ stdout: 'a\n', stderr: 'oops' }),
      says(ours, ['x'.repeat(30_000), 'end\n']).then((job) => ours.finish(job, { stdout: beginning })),
      amazons.runNext({ stdout: beginning }),
      says(running, ['so far\n']),
    ])
    await run.untilTally(id, { Success: 3, InProgress: 1 })
    const InstanceIds = nodes.map((node) => node.id)
    const { Outputs, NextToken } = await outputs(server, { CommandId: id, InstanceIds })
    assert.equal(NextToken, undefined)
    const whole = { StandardErrorContent: '', Truncated: false }
    assert.deepEqual(Outputs, [
      { InstanceId: short.id, StandardOutputContent: 'a\n', StandardErrorContent: 'oops', Truncated: false },
      { InstanceId: ours.id, StandardOutputContent: `${'x'.repeat(30_000)}end\n`, ...whole },
      { InstanceId: amazons.id, StandardOutputContent: beginning, ...whole, Truncated: true },
      { InstanceId: running.id, StandardOutputContent: 'so far\n', ...whole },
    ])
  })
}

test('INV-19 very long outputs are cut, and make an answer of several pages', async () => {
  await using server = await startServer()
  const { run, id, nodes } = await sent(server, 18)
  const pieces = Array.from({ length: 9 }, () => 'x'.repeat(32 * 1024))
  await Promise.all(nodes.map(async (node) => node.finish(await says(node, pieces), { stdout: TRUNCATED })))
  await run.untilTally(id, { Success: 18 })
  const request = { CommandId: id, InstanceIds: nodes.map((node) => node.id) }
  const seen: string[] = []
  let pages = 0
  for (let NextToken: string | undefined; pages === 0 || NextToken; pages++) {
    const page = await outputs(server, { ...request, NextToken })
    for (const { InstanceId, StandardOutputContent, Truncated } of page.Outputs!) {
      assert.deepEqual([StandardOutputContent!.length, Truncated], [256 * 1024, true])
      seen.push(InstanceId!)
    }
    NextToken = page.NextToken
  }
  assert.equal(pages, 2)
  assert.deepEqual(seen, request.InstanceIds)
})

test('INV-19 what cannot be meant is refused', async () => {
  await using server = await startServer()
  const { id, nodes } = await sent(server, 1)
  const InstanceIds = [nodes[0]!.id]
  const refused = async (request: object) =>
    (await jsonCall(server, 'Steward.BatchGetCommandOutput', request, { service: 'steward' })).json.__type
  assert.equal(await refused({ CommandId: id.replace(/.$/, 'g'), InstanceIds }), 'InvalidCommandId')
  assert.equal(await refused({ CommandId: id, InstanceIds, PluginName: 'run' }), 'InvalidPluginName')
  assert.equal(await refused({ CommandId: id, InstanceIds: ['mi-0123456789abcdef0'] }), 'InvocationDoesNotExist')
  assert.equal(await refused({ CommandId: id, InstanceIds: [] }), 'ValidationException')
})

async function sent(server: TestServer, count: number) {
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(count)
  const id = await run.sendTo(nodes, { MaxConcurrency: '100%', MaxErrors: '100%' })
  return { run, id, nodes }
}

/** Takes the command and sends output of it in pieces, until the server has it all. */
async function says(node: FakeAgent, pieces: readonly string[]): Promise<FakeJob> {
  const job = await node.nextJob()
  node.ack(job)
  let offset = 0
  for (const piece of pieces) {
    node.output(job, { step: STEP, stream: 'stdout', offset, data: Buffer.from(piece) })
    offset += piece.length
  }
  await eventually(() => node.outputAcks.some((ack) => ack.offset === offset))
  return job
}

async function outputs(server: TestServer, request: object): Promise<BatchGetCommandOutputResult> {
  const operation = 'Steward.BatchGetCommandOutput'
  const { status, json, text } = await jsonCall(server, operation, request, { service: 'steward' })
  assert.equal(status, 200, text)
  return json as unknown as BatchGetCommandOutputResult
}
