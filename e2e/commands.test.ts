/** Run Command from the SDK through a real server to scripts that real agents run, each in a process of its own. */
import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CancelCommandCommand, waitUntilCommandExecuted } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'
import { invocationOf, sendShell, tallyOf, untilEnded, untilInvocation } from './run-command.ts'

test('E2E-02 by tag, two at a time: the second failure is one too many, and the waiter knows', async () => {
  await using steward = await Installation.start()
  const { ssm, folder } = steward
  const agents = await steward.startAgents(4, { role: 'web' })
  const order = join(folder, 'order')
  // The first and the third to begin fail; each says when it begins, and waits until the test has looked.
  const script = [
    `echo "$AWS_SSM_INSTANCE_ID" >> ${order}`,
    `place=$(wc -l < ${order})`,
    `until [ -e ${folder}/go-$place ]; do sleep 0.02; done`,
    'echo "place $place"',
    '[ $place -ne 1 ] && [ $place -ne 3 ]',
  ]
  const id = await sendShell(ssm, script, {
    Targets: [{ Key: 'tag:role', Values: ['web'] }],
    MaxConcurrency: '2',
    MaxErrors: '1',
  })
  const begun = () => (existsSync(order) ? readFileSync(order, 'utf8').trim().split('\n') : [])
  const go = (place: number) => appendFileSync(join(folder, `go-${place}`), '')
  await eventually(() => assert.equal(begun().length, 2))
  go(1)
  await eventually(() => assert.equal(begun().length, 3))
  go(3)
  const [first, second, third] = begun().map((nodeId) => ({ id: nodeId }))
  assert.equal((await untilInvocation(ssm, id, third!, 'Failed')).ResponseCode, 1)
  assert.deepEqual(await tallyOf(ssm, id), { Failed: 2, InProgress: 1, Terminated: 1 })
  go(2)
  const command = await untilEnded(ssm, id)
  assert.deepEqual(
    [command.Status, command.StatusDetails, command.TargetCount, command.CompletedCount, command.ErrorCount],
    ['Failed', 'Failed', 4, 4, 2],
  )
  assert.deepEqual(await tallyOf(ssm, id), { Failed: 2, Success: 1, Terminated: 1 })
  assert.equal(begun().length, 3, 'the fourth never began')

  const wait = (node: { id: string }) =>
    waitUntilCommandExecuted({ client: ssm, maxWaitTime: 20, minDelay: 1 }, { CommandId: id, InstanceId: node.id })
  assert.equal((await wait(second!)).state, 'SUCCESS')
  await assert.rejects(wait(first!), /FAILURE/)
  const terminated = agents.find((agent) => !begun().includes(agent.id))!
  assert.equal((await invocationOf(ssm, id, terminated)).ResponseCode, -1)
})

test('E2E-02 the output and the exit code of a script arrive', async () => {
  await using steward = await Installation.start()
  const { ssm } = steward
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const id = await sendShell(ssm, ['echo hello', 'echo oops >&2', 'exit 3'], { InstanceIds: [agent.id] })
  const ended = await untilInvocation(ssm, id, agent, 'Failed')
  assert.equal(ended.ResponseCode, 3)
  assert.equal(ended.StandardOutputContent, 'hello\n')
  assert.match(ended.StandardErrorContent!, /^oops\nfailed to run commands: exit status 3/)
  assert.match(ended.ExecutionElapsedTime!, /^PT[\d.]+S$/)
  assert.ok(ended.ExecutionStartDateTime && ended.ExecutionEndDateTime)
})

test('E2E-04 a cancellation in mid-run kills the whole process tree', async () => {
  await using steward = await Installation.start()
  const { ssm, folder } = steward
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const pids = join(folder, 'pids')
  const script = [
    `note() { echo $1 >> ${pids}; }`,
    'note $$',
    'sleep 1000 & note $!',
    `(sleep 1001 & echo $! >> ${pids}; wait) &`,
    `setsid sh -c 'echo $$ >> ${pids}; sleep 1002' &`,
    `(setsid sh -c 'echo $$ >> ${pids}; exec sleep 1003' & exit)`,
    'wait',
  ]
  const id = await sendShell(ssm, script, { InstanceIds: [agent.id] })
  const noted = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [])
  await eventually(() => assert.equal(noted().length, 5))
  assert.ok(noted().every(isAlive))
  await untilInvocation(ssm, id, agent, 'InProgress')
  await ssm.send(new CancelCommandCommand({ CommandId: id }))
  const ended = await untilInvocation(ssm, id, agent, 'Cancelled')
  assert.equal(ended.ResponseCode, 137)
  await eventually(() => assert.deepEqual(noted().filter(isAlive), []))
  const command = await untilEnded(ssm, id)
  assert.deepEqual([command.Status, command.ErrorCount], ['Cancelled', 0])
})

test('E2E-05 a script that asks for a reboot goes on after it', async () => {
  await using steward = await Installation.start()
  const { ssm, folder } = steward
  const rebooted = join(folder, 'rebooted')
  const agent = await steward.addAgent({ rebootCommand: `touch ${rebooted}` })
  await agent.start()
  const script = [`if [ -e ${rebooted} ]; then echo after; exit 0; fi`, 'echo before', 'exit 194']
  const id = await sendShell(ssm, script, { InstanceIds: [agent.id] })
  await eventually(() => existsSync(rebooted))
  await agent.kill()
  assert.equal((await invocationOf(ssm, id, agent)).Status, 'InProgress')
  await agent.start()
  const ended = await untilInvocation(ssm, id, agent, 'Success')
  assert.deepEqual([ended.ResponseCode, ended.StandardOutputContent], [0, 'before\nafter\n'])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie is dead; its parent has not noticed yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
