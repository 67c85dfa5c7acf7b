/** Nodes and servers that are away for a while: what waits, what is over, and that nothing is lost by a restart. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { ListCommandsCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'
import { invocationOf, sendShell, untilEnded, untilInvocation } from './run-command.ts'

// The first waits for half a minute, in which the others run.
suite('outages', { concurrency: 2 }, () => {
  test('E2E-03 commands for a node that is away run once it is back, or never when their time is over', async () => {
    await using steward = await Installation.start()
    const { ssm, folder } = steward
    const agent = await steward.addAgent()
    const touch = (name: string) => [`echo ran >> ${join(folder, name)}`]
    const to = { InstanceIds: [agent.id] }

    // It takes half a minute until its time is over; meanwhile the rest of the story happens.
    const parameters = { executionTimeout: ['5'] }
    const over = await sendShell(ssm, touch('over'), { ...to, TimeoutSeconds: 30, parameters })
    const expires = Date.now() + 35_000
    const inTime = await sendShell(ssm, touch('in-time'), to)

    await steward.killServer()
    await steward.startServer()
    assert.equal((await invocationOf(ssm, inTime, agent)).Status, 'Pending')

    await eventually(() => Date.now() > expires, 60_000)
    const expired = await untilInvocation(ssm, over, agent, 'DeliveryTimedOut')
    assert.deepEqual([expired.Status, expired.ResponseCode], ['TimedOut', -1])
    const command = await untilEnded(ssm, over)
    assert.deepEqual(
      [command.Status, command.StatusDetails, command.ErrorCount, command.DeliveryTimedOutCount],
      ['TimedOut', 'DeliveryTimedOut', 0, 1],
    )

    await agent.start()
    const online = Date.now()
    await untilInvocation(ssm, inTime, agent, 'Success')
    assert.ok(Date.now() - online < 10_000)
    assert.equal(existsSync(join(folder, 'over')), false)
    assert.equal((await invocationOf(ssm, over, agent)).StatusDetails, 'DeliveryTimedOut')
  })

  test('E2E-03 what a node finished while the server was away is taken in', async () => {
    await using steward = await Installation.start()
    const { ssm, folder } = steward
    const [agent] = (await steward.startAgents(1)) as [Agent]
    const done = join(folder, 'done')
    const script = [
      `until [ -e ${folder}/go ]; do sleep 0.02; done`,
      'echo finished; sleep 0.2',
      `touch ${done}; exit 4`,
    ]
    const id = await sendShell(ssm, script, { InstanceIds: [agent.id] })
    await untilInvocation(ssm, id, agent, 'InProgress')
    await steward.killServer()
    writeFileSync(join(folder, 'go'), '')
    await eventually(() => existsSync(done))
    await steward.startServer()
    const ended = await untilInvocation(ssm, id, agent, 'Failed')
    assert.deepEqual([ended.ResponseCode, ended.StandardOutputContent], [4, 'finished\n'])
  })

  test('E2E-03 what a node finished while its agent was dead is reported by the next one', async () => {
    await using steward = await Installation.start()
    const { ssm, folder } = steward
    const [agent] = (await steward.startAgents(1)) as [Agent]
    const done = join(folder, 'done')
    const began = join(folder, 'began')
    const script = [`touch ${began}; until [ -e ${folder}/go ]; do sleep 0.02; done`, 'echo finished', `touch ${done}`]
    const id = await sendShell(ssm, script, { InstanceIds: [agent.id] })
    await eventually(() => existsSync(began))
    await agent.kill()
    writeFileSync(join(folder, 'go'), '')
    await eventually(() => existsSync(done))
    await agent.start()
    const ended = await untilInvocation(ssm, id, agent, 'Success')
    assert.deepEqual([ended.ResponseCode, ended.StandardOutputContent], [0, 'finished\n'])
  })

  for (const how of ['stopServer', 'killServer'] as const) {
    test(`a server that restarts after ${how} has everything again`, async () => {
      await using steward = await Installation.start()
      const { ssm } = steward
      const agent = await steward.addAgent({ tags: { role: 'web' } })
      await agent.start()
      const to = { Targets: [{ Key: 'tag:role', Values: ['web'] }] }
      const before = await sendShell(ssm, ['echo hello'], to)
      await untilEnded(ssm, before)
      const shown = await ssm.send(new ListCommandsCommand({}))
      const output = await invocationOf(ssm, before, agent)
      await steward[how]()
      await steward.startServer()
      assert.deepEqual((await ssm.send(new ListCommandsCommand({}))).Commands, shown.Commands)
      const { $metadata: _a, ...again } = await invocationOf(ssm, before, agent)
      const { $metadata: _b, ...first } = output
      assert.deepEqual(again, first)
      const after = await sendShell(ssm, ['echo again'], to)
      assert.equal((await untilInvocation(ssm, after, agent, 'Success')).StandardOutputContent, 'again\n')
    })
  }
})
