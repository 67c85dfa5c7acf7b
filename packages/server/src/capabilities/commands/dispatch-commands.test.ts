import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm'
import { ackStatus } from '@steward/protocol'
import { DATABASES, eventually, type FakeAgent, type FakeJob, startServer } from '@steward/testkit'
import { RunCommand } from './testing/run-command.ts'

for (const database of DATABASES) {
  test(`T-09 T-10 T-12 two at a time, and after the second error none begins (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(20, { tags: { role: 'web' } })
    const run = new RunCommand(server)
    const { CommandId, TargetCount } = await run.send({
      Targets: [{ Key: 'tag:role', Values: ['web'] }],
      MaxConcurrency: '2',
      MaxErrors: '1',
    })
    assert.equal(TargetCount, 0)
    const crew = new Crew(nodes)
    await crew.end(true)
    await crew.end(false)
    await crew.end(true)
    await crew.untilRunning(2)
    const [last] = crew.running
    await crew.end(false, 1)
    await run.untilTally(CommandId, { Success: 2, Failed: 2, InProgress: 1, Terminated: 15 })
    await server.settle()
    assert.equal(crew.started, 5, 'nothing begins after the error too many')
    await run.untilCommand(CommandId, 'InProgress/InProgress')
    crew.endJob(last!, false)
    const command = await run.untilCommand(CommandId, 'Failed/Failed')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [20, 20, 3])
    assert.deepEqual(await run.tally(CommandId), { Success: 2, Failed: 3, Terminated: 15 })
    assert.equal(crew.most, 2)
  })

  test(`T-10 with MaxConcurrency 1 the limit of errors is exact, as a number and as a share (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(20)
    const run = new RunCommand(server)
    for (const node of nodes) node.autoRun(() => ({ code: 1 }))
    for (const [MaxErrors, errors] of [
      ['0', 1],
      ['3', 4],
      ['0%', 1],
      ['10%', 3],
      ['19%', 4],
    ] as const) {
      const id = await run.sendTo(nodes, { MaxConcurrency: '1', MaxErrors })
      const command = await run.untilCommand(id, 'Failed/Failed')
      assert.deepEqual([command.CompletedCount, command.ErrorCount], [20, errors], `MaxErrors ${MaxErrors}`)
      assert.deepEqual(await run.tally(id), { Failed: errors, Terminated: 20 - errors })
    }
  })

  test(`T-12 what is in flight when the limit trips runs to its end (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(8)
    const run = new RunCommand(server)
    const id = await run.sendTo(nodes, { MaxConcurrency: '4' })
    const crew = new Crew(nodes)
    await crew.untilRunning(4)
    await crew.end(false)
    await run.untilTally(id, { Failed: 1, InProgress: 3, Terminated: 4 })
    for (const job of [...crew.running]) crew.endJob(job, false)
    const command = await run.untilCommand(id, 'Failed/Failed')
    assert.deepEqual([command.ErrorCount, command.CompletedCount], [4, 8])
  })

  test(`T-13 it goes to one node, then to two more for each that answers, up to the limit (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(12)
    const run = new RunCommand(server)
    const id = await run.sendTo(nodes, { MaxConcurrency: '6' })
    const delivered = () => nodes.flatMap((node) => node.received.map((job) => ({ node, job })))
    const counts: number[] = []
    for (const expected of [1, 3, 6]) {
      await eventually(() => assert.equal(delivered().length, expected))
      await server.settle()
      counts.push(delivered().length)
      for (const { node, job } of delivered()) node.ack(job)
    }
    assert.deepEqual(counts, [1, 3, 6])
    await server.settle()
    assert.equal(delivered().length, 6)
    for (const node of nodes) node.autoRun()
    for (const { node, job } of delivered()) node.finish(job)
    const command = await run.untilCommand(id, 'Success/Success')
    assert.equal(command.CompletedCount, 12)
  })

  test(`T-05 T-09 nodes that are away, silent, busy or full hold nobody up (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(12)
    nodes.sort((a, b) => (a.id < b.id ? -1 : 1))
    const [away, silent, busy, full, ...well] = nodes as [FakeAgent, FakeAgent, FakeAgent, FakeAgent, ...FakeAgent[]]
    await away.vanish()
    full.autoRun(() => undefined)
    for (let i = 0; i < 5; i++) await run.send({ InstanceIds: [full.id] })
    await eventually(() => full.received.length === 5)
    busy.nextJob().then(
      (job) => busy.ack(job, ackStatus.processorBufferFull),
      () => {},
    )
    for (const node of well) node.autoRun()
    const id = await run.sendTo(nodes, { MaxConcurrency: '1' })
    await silent.nextJob()
    await server.advance(11_000)
    await run.untilTally(id, { Success: 8, Pending: 2, Delayed: 2 })
    await run.untilState(id, away, 'Pending/Pending -1')
    await run.untilState(id, full, 'Pending/Pending -1')
    silent.autoRun()
    busy.autoRun()
    await server.advance(6_000)
    await away.connect()
    away.autoRun()
    await run.untilTally(id, { Success: 11, Pending: 1 })
    full.finish(full.received[0]!)
    await eventually(() => full.deliveries(id) === 1)
    full.finish(full.received.at(-1)!)
    const command = await run.untilCommand(id, 'Success/Success')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [12, 12, 0])
  })

  test(`T-04 T-05 targets are looked up at dispatch, offline ones too, and recorded (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const here = await server.fakeNode({ tags: { role: 'web', stage: 'test' } })
    const away = await server.fakeNode({ tags: { role: 'web', stage: 'live' }, connected: false })
    const other = await server.fakeNode({ tags: { role: 'db', stage: 'live' } })
    const sent = await run.send({ Targets: [{ Key: 'tag:role', Values: ['web'] }] })
    assert.deepEqual([sent.TargetCount, sent.Status, sent.StatusDetails], [0, 'Pending', 'Pending'])
    here.autoRun()
    const id = sent.CommandId
    await run.untilTally(id, { Success: 1, Pending: 1 })
    assert.equal((await run.command(id)).TargetCount, 2)

    // Tags that change later change nothing.
    const tags = { ResourceType: 'ManagedInstance' } as const
    await run.ssm.send(
      new AddTagsToResourceCommand({ ...tags, ResourceId: other.id, Tags: [{ Key: 'role', Value: 'web' }] }),
    )
    await run.ssm.send(new RemoveTagsFromResourceCommand({ ...tags, ResourceId: away.id, TagKeys: ['role'] }))
    await away.connect()
    await away.runNext()
    const command = await run.untilCommand(id, 'Success/Success')
    assert.deepEqual([command.TargetCount, command.CompletedCount], [2, 2])
    assert.deepEqual(other.received, [])
  })
}

test('RC-24 a node with one place left gets one of two commands, and the other goes on elsewhere', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(2)
  nodes.sort((a, b) => (a.id < b.id ? -1 : 1))
  const [almostFull, idle] = nodes as [FakeAgent, FakeAgent]
  almostFull.autoRun(() => undefined)
  for (let i = 0; i < 4; i++) await run.send({ InstanceIds: [almostFull.id] })
  await eventually(() => almostFull.received.length === 4)
  idle.autoRun()
  const ids = await Promise.all([1, 2].map(() => run.sendTo(nodes, { MaxConcurrency: '1' })))
  await eventually(() => assert.equal(almostFull.received.length + idle.received.length, 6))
  const held = ids.find((id) => almostFull.deliveries(id) > 0)!
  const other = ids.find((id) => id !== held)!
  await run.untilTally(other, { Success: 1, Pending: 1 })
  await run.untilTally(held, { InProgress: 1, Pending: 1 })
})

test('T-01 T-02 T-06a keys must all hold, values are alternatives, an empty value is a value', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = {
    a: await server.fakeNode({ tags: { role: 'web', stage: 'live' } }),
    b: await server.fakeNode({ tags: { role: 'db', stage: 'live' } }),
    c: await server.fakeNode({ tags: { role: 'web', stage: 'test' } }),
    d: await server.fakeNode({ tags: { role: '' } }),
    e: await server.fakeNode({ tags: { other: 'x' } }),
  }
  const names = new Map(Object.entries(nodes).map(([name, { id }]) => [id, name]))
  const targets = async (...Targets: { Key: string; Values: string[] }[]) => {
    const { CommandId } = await run.send({ Targets })
    await eventually(async () => (await run.command(CommandId)).TargetCount! > 0)
    return (await run.invocations(CommandId))
      .map(({ InstanceId }) => names.get(InstanceId!))
      .sort()
      .join('')
  }
  assert.equal(await targets({ Key: 'tag:role', Values: ['web'] }), 'ac')
  assert.equal(await targets({ Key: 'tag:role', Values: ['web', 'db'] }), 'abc')
  assert.equal(await targets({ Key: 'tag:role', Values: ['web', 'db'] }, { Key: 'tag:stage', Values: ['live'] }), 'ab')
  assert.equal(await targets({ Key: 'tag:role', Values: [''] }), 'd')
  assert.equal(await targets({ Key: 'tag-key', Values: ['role'] }), 'abcd')
  assert.equal(await targets({ Key: 'tag-key', Values: ['stage', 'other'] }), 'abce')
  assert.equal(await targets({ Key: 'InstanceIds', Values: [nodes.a.id, nodes.e.id] }), 'ae')
  assert.equal(
    await targets({ Key: 'InstanceIds', Values: [nodes.a.id, nodes.b.id] }, { Key: 'tag:role', Values: ['db'] }),
    'b',
  )
})

test('T-04 RC-13 a command that meets no node succeeds as NoInstancesInTag', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  await server.fakeNode({ tags: { role: 'db' } })
  const sent = await run.send({ Targets: [{ Key: 'tag:role', Values: ['nobody'] }] })
  assert.equal(`${sent.Status}/${sent.StatusDetails}`, 'Pending/Pending')
  const command = await run.untilCommand(sent.CommandId, 'Success/NoInstancesInTag')
  assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [0, 0, 0])
  assert.deepEqual(await run.invocations(sent.CommandId), [])
})

test('T-09 a share is taken of the targets that were found, rounded down, at least one', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(15)
  for (const [MaxConcurrency, most] of [
    ['10%', 1],
    ['1%', 1],
    ['20%', 3],
    ['100%', 15],
    ['40', 15],
  ] as const) {
    const id = await run.sendTo(nodes, { MaxConcurrency })
    const crew = new Crew(nodes)
    await crew.untilRunning(most)
    await server.settle()
    assert.equal(crew.running.length, most, MaxConcurrency)
    crew.endAll()
    await run.untilCommand(id, 'Success/Success')
  }
})

test('RC-10 RC-12 nodes whose platform the document does not support end as InvalidPlatform, which is no error', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const windows = await server.fakeNodes(4, { platformType: 'Windows', tags: { all: '' } })
  const linux = await server.fakeNode({ tags: { all: '' } })
  const unknown = await server.fakeNode({ platformType: null, tags: { all: '' } })
  linux.autoRun()
  unknown.autoRun()
  const all = { Targets: [{ Key: 'tag-key', Values: ['all'] }] }
  const { CommandId } = await run.send(all)
  const command = await run.untilCommand(CommandId, 'Success/Success')
  assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [6, 6, 0])
  assert.deepEqual(await run.tally(CommandId), { Success: 2, InvalidPlatform: 4 })
  assert.equal(await run.state(CommandId, windows[0]!), 'Failed/InvalidPlatform -1')
  assert.ok(windows.every(({ received }) => received.length === 0))

  const none = await run.sendTo(windows)
  const failed = await run.untilCommand(none, 'Failed/Failed')
  assert.deepEqual([failed.CompletedCount, failed.ErrorCount], [4, 0])
})

test('T-11 errors are failures and execution time-outs, nothing else', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(6)
  const id = await run.sendTo(nodes, { MaxConcurrency: '1', MaxErrors: '1' })
  const ends: ((node: FakeAgent, job: FakeJob) => void)[] = [
    (node, job) => node.ack(job, ackStatus.invalidDocument),
    (node, job) => node.finish(job, { code: 137, status: 'Cancelled' }),
    (node, job) => node.finish(job, { code: 137, status: 'TimedOut' }),
    (node, job) => node.finish(job, {}),
    (node, job) => node.finish(job, { code: 2 }),
  ]
  for (const end of ends) {
    const { node, job } = await eventually(() => nextOf(nodes))
    end(node, job)
  }
  const command = await run.untilCommand(id, 'Failed/Failed')
  assert.deepEqual([command.CompletedCount, command.ErrorCount], [6, 2])
  assert.deepEqual(await run.tally(id), {
    Undeliverable: 1,
    Cancelled: 1,
    ExecutionTimedOut: 1,
    Success: 1,
    Failed: 1,
    Terminated: 1,
  })
})

test('T-14 unless told otherwise fifty run at once and the first error is one too many', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(3)
  const { CommandId, MaxConcurrency, MaxErrors } = await run.send({ InstanceIds: nodes.map(({ id }) => id) })
  assert.deepEqual([MaxConcurrency, MaxErrors], ['50', '0'])
  const { node, job } = await eventually(() => nextOf(nodes))
  node.finish(job, { code: 1 })
  await run.untilTally(CommandId, { Failed: 1, Terminated: 2 })
})

const taken = new WeakSet<FakeJob>()

/** A job that came to any of the nodes and was not seen before. */
function nextOf(nodes: readonly FakeAgent[]): { node: FakeAgent; job: FakeJob } {
  for (const node of nodes) {
    const job = node.received.find((received) => !taken.has(received))
    if (!job) continue
    taken.add(job)
    return { node, job }
  }
  throw new Error('No node was sent a job.')
}

/** Nodes that take every job at once and end it when they are told; counts how many worked at the same time. */
class Crew {
  readonly running: FakeJob[] = []
  readonly #nodes: readonly FakeAgent[]
  readonly #nodeOf = new Map<FakeJob, FakeAgent>()
  started = 0
  most = 0

  constructor(nodes: readonly FakeAgent[]) {
    this.#nodes = nodes
    for (const node of nodes) {
      node.autoRun((job) => {
        this.#nodeOf.set(job, node)
        this.running.push(job)
        this.started++
        this.most = Math.max(this.most, this.running.length)
        return undefined
      })
    }
  }

  async untilRunning(count: number): Promise<void> {
    await eventually(() => assert.equal(this.running.length, count))
  }

  /** Waits for a job, or takes the one at `index`, and ends it. */
  async end(well: boolean, index = 0): Promise<void> {
    await eventually(() => this.running.length > index)
    this.endJob(this.running[index]!, well)
  }

  endJob(job: FakeJob, well: boolean): void {
    this.running.splice(this.running.indexOf(job), 1)
    this.#nodeOf.get(job)!.finish(job, { code: well ? 0 : 1 })
  }

  /** Ends what runs; from now on everything ends at once. */
  endAll(): void {
    for (const node of this.#nodes) node.autoRun()
    for (const job of [...this.running]) this.endJob(job, true)
  }
}
