import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from '@aws-sdk/client-ssm'
import { ackStatus } from '@steward/protocol'
import { DATABASES, eventually, type FakeAgent, type FakeJob, startServer } from '@steward/testkit'
import { RunCommand } from './testing/run-command.ts'

for (const database of DATABASES) {
  test(`RC-14 RC-25 counts are right after many commands on many nodes that all report at once (${database})`, async (t) => {
    const seed = Date.now() % 1_000_000
    t.diagnostic(`seed ${seed}`)
    const random = seeded(seed)
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(6)
    for (const node of nodes) node.autoRun((job) => misbehave(node, job, random))
    const ids = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const MaxConcurrency = ['1', '3', '50%', '100%'][index % 4]!
        const MaxErrors = ['100%', '2', '10%'][index % 3]!
        const id = await run.sendTo(nodes, { MaxConcurrency, MaxErrors })
        if (index % 5 === 4) await run.cancel(id)
        return id
      }),
    )
    const commands = await Promise.all(ids.map((id) => untilEnded(run, id)))
    await server.settle()
    for (const command of commands) {
      const { CommandId, TargetCount, CompletedCount, ErrorCount, DeliveryTimedOutCount } = command
      const tally = await run.tally(CommandId!)
      const all = Object.values(tally).reduce((sum, count) => sum + count, 0)
      assert.deepEqual(
        { TargetCount, CompletedCount, ErrorCount, DeliveryTimedOutCount },
        { TargetCount: all, CompletedCount: all, ErrorCount: tally.Failed ?? 0, DeliveryTimedOutCount: 0 },
        `${CommandId} ${JSON.stringify(tally)}`,
      )
      assert.deepEqual(await run.command(CommandId!), command, 'and they stay')
    }
  })
}

test('RC-14 what every transaction leaves behind adds up', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(6)
  const id = await run.sendTo(nodes, { MaxConcurrency: '3', MaxErrors: '100%' })
  let working = true
  const watch = (async () => {
    while (working) {
      const [command, tally] = [await run.command(id), await run.tally(id)]
      const final = (tally.Success ?? 0) + (tally.Failed ?? 0)
      assert.ok(command.CompletedCount! <= final, 'the command is never ahead of its invocations')
      assert.ok((tally.InProgress ?? 0) <= 3, 'never more than three at once')
    }
  })()
  for (const node of nodes) node.autoRun(() => ({ code: nodes.indexOf(node) % 2 }))
  await untilEnded(run, id)
  working = false
  await watch
})

/** Takes a command and ends it, in one of the ways in which networks and agents make that hard. */
function misbehave(node: FakeAgent, job: FakeJob, random: () => number): undefined {
  const step = 'aws:runShellScript'
  const code = random() < 0.2 ? 1 : 0
  const repeat = (send: () => void) => {
    for (let i = random() * 3; i > 0; i--) send()
  }
  repeat(() => node.ack(job, random() < 0.5 ? ackStatus.duplicateCommand : ackStatus.successful))
  repeat(() => node.reply(job, { status: 'InProgress' }))
  node.output(job, { step, stream: 'stdout', offset: 0, data: Buffer.from('output') })
  repeat(() => node.reply(job, { status: 'InProgress', steps: { [step]: { code } } }))
  node.finish(job, { code })
  repeat(() => node.finish(job, { code }))
  repeat(() => node.reply(job, { status: 'InProgress' }))
}

function untilEnded(run: RunCommand, id: string): Promise<Command> {
  return eventually(async () => {
    const command = await run.command(id)
    assert.ok(!['Pending', 'InProgress', 'Cancelling'].includes(command.Status!), `${command.Status}`)
    return command
  }, 60_000)
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
