import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutputAck } from '@steward/protocol'
import { DATABASES, eventually, type FakeAgent, type FakeJob, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { RunCommand } from '../testing/run-command.ts'

const STEP = 'aws:runShellScript'
const MIB = 1024 * 1024
const CHUNK = 32 * 1024

interface Request {
  CommandId: string
  InstanceId?: string
  PluginName?: string
  StreamName?: string
  NextToken?: string | undefined
  WaitSeconds?: number
  MaxBytes?: number
}

interface Answer {
  Chunks: { InstanceId: string; PluginName: string; StreamName: string; Offset: number; Data: string }[]
  NextToken?: string
  Complete: boolean
}

for (const database of DATABASES) {
  test(`RC-21 output is kept whole and in order, step by step and stream by stream (${database})`, async () => {
    await using server = await startServer({ database })
    const { run, node, job } = await running(server)
    write(node, job, 'stdout', 0, 'hello ')
    write(node, job, 'stderr', 0, 'oops')
    write(node, job, 'stdout', 6, 'world')
    await untilAcknowledged(node, { stream: 'stdout', offset: 11 })
    await untilAcknowledged(node, { stream: 'stderr', offset: 4 })
    const open = await output(server, { CommandId: job.commandId })
    assert.deepEqual(texts(open), ['stdout 0 hello ', 'stderr 0 oops', 'stdout 6 world'])
    assert.equal(open.Complete, false)
    const token = open.NextToken
    assert.deepEqual(texts(await output(server, { CommandId: job.commandId, NextToken: token })), [])
    node.finish(job)
    await run.untilCommand(job.commandId, 'Success/Success')
    const end = await output(server, { CommandId: job.commandId, NextToken: token })
    assert.deepEqual([end.Chunks, end.Complete, end.NextToken], [[], true, undefined])
    assert.equal(
      texts(await output(server, { CommandId: job.commandId, StreamName: 'stderr' })).join(),
      'stderr 0 oops',
    )
    assert.deepEqual(texts(await output(server, { CommandId: job.commandId, PluginName: 'other' })), [])
  })

  test(`RC-21 a piece that comes twice is kept once; one after a gap is sent back to the gap (${database})`, async () => {
    await using server = await startServer({ database })
    const { node, job } = await running(server)
    write(node, job, 'stdout', 0, 'hello ')
    await untilAcknowledged(node, { stream: 'stdout', offset: 6 })
    write(node, job, 'stdout', 0, 'hello ')
    write(node, job, 'stdout', 20, 'far away')
    await eventually(() => node.outputAcks.length === 3)
    assert.deepEqual(
      node.outputAcks.map(({ offset }) => offset),
      [6, 6, 6],
    )
    write(node, job, 'stdout', 6, 'world')
    await untilAcknowledged(node, { stream: 'stdout', offset: 11 })
    assert.deepEqual(texts(await output(server, { CommandId: job.commandId })), ['stdout 0 hello ', 'stdout 6 world'])
  })

  test(`RC-21 many nodes at once lose nothing (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(10)
    const id = await run.sendTo(nodes, { MaxConcurrency: '100%' })
    await Promise.all(
      nodes.map(async (node) => {
        const job = await node.nextJob()
        node.ack(job)
        for (let i = 0; i < 20; i++) write(node, job, i % 2 ? 'stderr' : 'stdout', 4 * Math.floor(i / 2), 'line')
        await untilAcknowledged(node, { stream: 'stdout', offset: 40 })
        await untilAcknowledged(node, { stream: 'stderr', offset: 40 })
        node.finish(job)
      }),
    )
    await run.untilCommand(id, 'Success/Success')
    const lengths = new Map<string, number>()
    for (let token: string | undefined, end = false; !end; ) {
      const page = await output(server, { CommandId: id, NextToken: token, MaxBytes: 50 })
      for (const { InstanceId, StreamName, Offset, Data } of page.Chunks) {
        const key = `${InstanceId} ${StreamName}`
        assert.equal(Offset, lengths.get(key) ?? 0)
        lengths.set(key, Offset + Buffer.from(Data, 'base64').length)
      }
      token = page.NextToken
      end = page.Complete
    }
    assert.equal(lengths.size, 20)
    assert.ok([...lengths.values()].every((length) => length === 40))
  })
}

test('RC-21 of one node only its own output is read, and it is complete when that node is done', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const [one, two] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const id = await run.sendTo([one, two], { MaxConcurrency: '2' })
  for (const [node, text] of [
    [one, 'one'],
    [two, 'two'],
  ] as const) {
    const job = await node.nextJob()
    node.ack(job)
    write(node, job, 'stdout', 0, text)
    await untilAcknowledged(node, { stream: 'stdout', offset: 3 })
  }
  one.finish(one.received[0]!)
  await run.untilState(id, one, 'Success/Success 0')
  const ofOne = await output(server, { CommandId: id, InstanceId: one.id })
  assert.deepEqual(texts(ofOne), ['stdout 0 one'])
  assert.equal((await output(server, { CommandId: id, InstanceId: one.id, NextToken: ofOne.NextToken })).Complete, true)
  const ofTwo = await output(server, { CommandId: id, InstanceId: two.id })
  assert.equal(
    (await output(server, { CommandId: id, InstanceId: two.id, NextToken: ofTwo.NextToken })).Complete,
    false,
  )
})

test('RC-21 who waits is answered as soon as there is something, and at the end', async () => {
  await using server = await startServer()
  const { job, node } = await running(server)
  const first = output(server, { CommandId: job.commandId, WaitSeconds: 20 })
  write(node, job, 'stdout', 0, 'news')
  const { NextToken } = await first.then((answer) => {
    assert.deepEqual(texts(answer), ['stdout 0 news'])
    return answer
  })
  const last = output(server, { CommandId: job.commandId, NextToken, WaitSeconds: 20 })
  node.finish(job)
  const { Complete, Chunks } = await last
  assert.deepEqual([Complete, Chunks], [true, []])
})

test('RC-21 of one invocation 64 MiB are kept; then the node is told to stop', async () => {
  await using server = await startServer()
  const { job, node } = await running(server)
  const data = Buffer.alloc(CHUNK, 'x')
  const chunks = (64 * MIB) / CHUNK
  for (let i = 0; i < chunks; i++) {
    node.output(job, { step: STEP, stream: i % 2 ? 'stderr' : 'stdout', offset: Math.floor(i / 2) * CHUNK, data })
    if (i % 32 === 31) await eventually(() => node.outputAcks.length > i)
  }
  assert.ok(node.outputAcks.every(({ stop }) => !stop))
  write(node, job, 'stdout', 32 * MIB, '!')
  await eventually(() =>
    assert.deepEqual(node.outputAcks.at(-1), {
      jobId: job.jobId,
      step: STEP,
      stream: 'stdout',
      offset: 32 * MIB,
      stop: true,
    }),
  )
  const page = await output(server, { CommandId: job.commandId, StreamName: 'stdout' })
  assert.equal(page.Chunks.length, MIB / CHUNK, 'an answer has at most one MiB')
})

test('RC-21 output for a command that the node was not sent is not wanted', async () => {
  await using server = await startServer()
  const { job } = await running(server)
  const other = await server.fakeNode()
  const jobId = job.jobId.replace(/mi-\w+$/, other.id)
  other.output({ jobId }, { step: STEP, stream: 'stdout', offset: 0, data: Buffer.from('lies') })
  await eventually(() => assert.equal(other.outputAcks[0]?.stop, true))
  assert.deepEqual((await output(server, { CommandId: job.commandId })).Chunks, [])
})

test('RC-21 unknown commands, nodes and tokens are refused', async () => {
  await using server = await startServer()
  const { job, node } = await running(server)
  const CommandId = job.commandId
  const refused = async (request: Request) => {
    const { json } = await jsonCall(server, 'Steward.GetCommandOutput', request, { service: 'steward' })
    return json.__type
  }
  assert.equal(await refused({ CommandId: CommandId.replace(/.$/, 'g') }), 'InvalidCommandId')
  assert.equal(await refused({ CommandId, InstanceId: 'mi-00000000000000000' }), 'InvocationDoesNotExist')
  assert.equal(await refused({ CommandId, NextToken: 'forged' }), 'InvalidNextToken')
  assert.equal(await refused({ CommandId, WaitSeconds: 21 }), 'ValidationException')
  assert.equal(await refused({ CommandId, StreamName: 'stdin' }), 'ValidationException')
  write(node, job, 'stdout', 0, 'x')
  await untilAcknowledged(node, { stream: 'stdout', offset: 1 })
  const { NextToken } = await output(server, { CommandId })
  assert.equal(await refused({ CommandId, InstanceId: node.id, NextToken }), 'InvalidNextToken')
})

/** A command that a node has taken. */
async function running(server: TestServer): Promise<{ run: RunCommand; node: FakeAgent; job: FakeJob }> {
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  return { run, node, job }
}

function write(node: FakeAgent, job: FakeJob, stream: 'stdout' | 'stderr', offset: number, text: string): void {
  node.output(job, { step: STEP, stream, offset, data: Buffer.from(text) })
}

async function untilAcknowledged(node: FakeAgent, wanted: Partial<OutputAck>): Promise<void> {
  await eventually(() => {
    const acked = node.outputAcks.some(({ stream, offset }) => stream === wanted.stream && offset === wanted.offset)
    assert.ok(acked, `acknowledged: ${JSON.stringify(node.outputAcks)}`)
  })
}

async function output(server: TestServer, request: Request): Promise<Answer> {
  const { status, json, text } = await jsonCall(server, 'Steward.GetCommandOutput', request, { service: 'steward' })
  assert.equal(status, 200, text)
  return json as unknown as Answer
}

function texts({ Chunks }: Answer): string[] {
  return Chunks.map(({ StreamName, Offset, Data }) => `${StreamName} ${Offset} ${Buffer.from(Data, 'base64')}`)
}
