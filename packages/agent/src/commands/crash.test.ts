import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { appendFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startAgent } from '#agent.ts'
import { processIdentity } from '#scripts/processes.ts'
import { AgentAlreadyRuns } from '#single-agent-lock.ts'
import { stateDirectory } from '#state-directory.ts'
import { AgentProcess } from '#testing/agent-process.ts'
import { type SentCommand, stepsDocument } from '#testing/stub-server.ts'
import { silentLog, TestNode } from '#testing/test-node.ts'

async function untilExists(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(10)
}

/** A script that marks its beginning, waits for a file, and marks its end. */
function gated(node: TestNode, name: string) {
  const [begun, gate, ran] = ['begun', 'gate', 'ran'].map((what) => join(node.state, `${name}-${what}`)) as [
    string,
    string,
    string,
  ]
  const lines = [
    `echo x >> ${ran}`,
    'echo before',
    `echo x > ${begun}`,
    `while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`,
    'echo after',
    'exit 5',
  ]
  return { begun, gate, ran, lines }
}

test('AGT-21 kill -9 of the agent does not end a running script, and its result is reported', async () => {
  await using node = await TestNode.registered()
  const { begun, gate, ran, lines } = gated(node, 'a')
  let command: SentCommand
  {
    await using agent = await AgentProcess.start(node)
    command = node.server.sendScript(...lines)
    await untilExists(begun)
    await agent.end('SIGKILL')
  }
  await using _again = await AgentProcess.start(node)
  await writeFile(gate, '')
  const { status, code, standardOutput } = (await node.server.final(command)).steps.run!
  assert.deepEqual([status, code, standardOutput], ['Failed', 5, 'before\nafter\n'])
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('AGT-21 a script that ends while no agent runs is reported by the next one', async () => {
  await using node = await TestNode.registered()
  const { begun, gate, ran, lines } = gated(node, 'a')
  let command: SentCommand
  {
    await using agent = await AgentProcess.start(node)
    command = node.server.sendScript(...lines)
    await untilExists(begun)
    await agent.end('SIGKILL')
  }
  await writeFile(gate, '')
  const folder = join(stateDirectory(node.state).orchestration, command.commandId, '0-run/script-0/run-1')
  while (!/\n5\n$/.test(await readFile(join(folder, 'process'), 'utf8'))) await sleep(10)
  await using _again = await AgentProcess.start(node)
  assert.equal((await node.server.final(command)).steps.run!.code, 5)
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('AGT-21 a script that vanished with its agent fails and is not run again', async () => {
  await using node = await TestNode.registered()
  const { begun, ran, lines } = gated(node, 'a')
  let command: SentCommand
  {
    await using agent = await AgentProcess.start(node)
    command = node.server.send(stepsDocument({ run: { runCommand: lines }, next: { runCommand: ['echo next'] } }))
    await untilExists(begun)
    await agent.end('SIGKILL')
  }
  const folder = join(stateDirectory(node.state).orchestration, command.commandId, '0-run/script-0/run-1')
  process.kill(-Number(await readFile(join(folder, 'process'), 'utf8')), 'SIGKILL')
  await using _again = await AgentProcess.start(node)
  assert.equal((await node.server.final(command)).documentStatus, 'Failed')
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.equal(steps.run.standardError, 'agent restarted while the step ran')
  assert.equal(steps.run.standardOutput, 'before\n')
  assert.equal(steps.next.standardOutput, 'next\n')
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('a cancel that the agent took is carried out by the next one', async () => {
  await using node = await TestNode.registered()
  const { begun, lines } = gated(node, 'a')
  const pid = join(node.state, 'pid')
  let command: SentCommand
  {
    await using agent = await AgentProcess.start(node)
    command = node.server.sendScript("trap '' TERM", `echo $$ > ${pid}`, ...lines)
    await untilExists(begun)
    await node.server.ack({ commandId: '', jobId: node.server.cancel(command) })
    await agent.end('SIGKILL')
  }
  await node.start({ limits: { cancelGraceMs: 100 } })
  const final = await node.server.final(command)
  assert.deepEqual([final.documentStatus, final.steps.run!.standardOutput], ['Cancelled', 'before\n'])
  assert.equal(processIdentity(Number(await readFile(pid, 'utf8'))), undefined)
})

test('SIGTERM ends the agent within two seconds with code 0, and scripts go on', async () => {
  await using node = await TestNode.registered()
  const { begun, gate, lines } = gated(node, 'a')
  const agent = await AgentProcess.start(node)
  const command = node.server.sendScript(...lines)
  await untilExists(begun)
  const before = performance.now()
  assert.equal(await agent.end('SIGTERM'), 0)
  assert.ok(performance.now() - before < 2000)
  await writeFile(gate, '')
  await node.start()
  assert.equal((await node.server.final(command)).steps.run!.standardOutput, 'before\nafter\n')
})

test('a second agent on the same state directory is refused', async () => {
  await using node = await TestNode.registered()
  await using _agent = await AgentProcess.start(node)
  await assert.rejects(startAgent({ stateDirectory: node.state, log: silentLog }), AgentAlreadyRuns)
})

test('the lock of an agent that was killed is taken over', async () => {
  await using node = await TestNode.registered()
  const agent = await AgentProcess.start(node)
  await agent.end('SIGKILL')
  await node.start()
  assert.equal((await node.server.final(node.server.sendScript('true'))).documentStatus, 'Success')
})

test('AGT-11 E2E-05 exit code 194 restarts the machine and the same step goes on', async () => {
  await using node = await TestNode.registered()
  const rebooted = join(node.state, 'rebooted')
  await setRebootCommand(node, `echo x >> ${rebooted}`)
  await node.start({ bootId: 'one' })
  const marker = join(node.state, 'marker')
  const command = node.server.send(
    stepsDocument({
      first: { runCommand: ['echo first'] },
      run: {
        runCommand: [`if [ -e ${marker} ]; then echo after; exit 0; fi`, `touch ${marker}`, 'echo before', 'exit 194'],
      },
      last: { runCommand: ['echo last'] },
    }),
  )
  await untilExists(rebooted)
  const states = () => node.server.repliesOf(command).map(({ documentStatus }) => documentStatus)
  assert.deepEqual(states(), ['InProgress', 'InProgress', 'InProgress', 'SuccessAndReboot'])
  assert.equal(node.server.repliesOf(command)[2]!.steps.run!.status, 'SuccessAndReboot')
  assert.equal(node.server.repliesOf(command)[2]!.steps.run!.code, 194)
  await node.stop()
  await node.start({ bootId: 'two' })
  assert.equal((await node.server.final(command)).documentStatus, 'Success')
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.equal(steps.run.standardOutput, 'before\nafter\n')
  assert.equal(steps.last.standardOutput, 'last\n')
})

test('AGT-11 a script that asks for one reboot too many fails', async () => {
  await using node = await TestNode.registered()
  const rebooted = join(node.state, 'rebooted')
  await setRebootCommand(node, `echo x >> ${rebooted}`)
  await node.start({ bootId: 'one', limits: { maxReboots: 1 } })
  const command = node.server.sendScript('exit 194')
  await untilExists(rebooted)
  await node.stop()
  await node.start({ bootId: 'two', limits: { maxReboots: 1 } })
  const final = await node.server.final(command)
  assert.deepEqual([final.documentStatus, final.steps.run!.status, final.steps.run!.code], ['Failed', 'Failed', 194])
  assert.equal(await readFile(rebooted, 'utf8'), 'x\n')
})

test('a reboot that is refused fails the step and the document goes on', async () => {
  await using node = await TestNode.registered()
  await setRebootCommand(node, 'exit 1')
  await node.start()
  const command = node.server.send(
    stepsDocument({ run: { runCommand: ['exit 194'] }, next: { runCommand: ['echo next'] } }),
  )
  assert.equal((await node.server.final(command)).documentStatus, 'Failed')
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.deepEqual([steps.run.status, steps.next.standardOutput], ['Failed', 'next\n'])
})

test('a command that waits for its restart is cancelled, and nothing of it runs afterwards', async () => {
  await using node = await TestNode.registered()
  const [ran, rebooted] = [join(node.state, 'ran'), join(node.state, 'rebooted')]
  await setRebootCommand(node, `echo x >> ${rebooted}`)
  await node.start({ bootId: 'one' })
  const command = node.server.send(
    stepsDocument({
      run: { runCommand: [`echo x >> ${ran}`, 'exit 194'] },
      next: { runCommand: [`echo x >> ${ran}`] },
    }),
  )
  await untilExists(rebooted)
  // Whether this agent gets to the end of it or the next one.
  node.server.acknowledgeReplies = false
  await node.server.ack({ commandId: '', jobId: node.server.cancel(command) })
  const final = await node.server.final(command)
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.deepEqual([final.documentStatus, steps.run.status, steps.next.status], ['Cancelled', 'Cancelled', 'Cancelled'])
  await node.stop()
  node.server.acknowledgeReplies = true
  node.server.replies.length = 0
  await node.start({ bootId: 'two' })
  assert.equal((await node.server.final(command)).documentStatus, 'Cancelled')
  assert.deepEqual([await readFile(ran, 'utf8'), await readFile(rebooted, 'utf8')], ['x\n', 'x\n'])
})

test('AGT-11 an agent that is restarted before the machine asks for the restart again, and runs nothing meanwhile', async () => {
  await using node = await TestNode.registered()
  const [ran, rebooted] = [join(node.state, 'ran'), join(node.state, 'rebooted')]
  await setRebootCommand(node, `echo x >> ${rebooted}`)
  await node.start({ bootId: 'one', limits: { parallel: 1 } })
  const command = node.server.sendScript(`echo x >> ${ran}`, `[ $(wc -l < ${ran}) = 2 ] || exit 194`)
  const waiting = node.server.sendScript('true')
  await node.server.ack(waiting)
  await untilLines(rebooted, 1)
  await node.stop()
  await node.start({ bootId: 'one' })
  const late = node.server.sendScript('true')
  assert.equal((await node.server.ack(late)).statusCode, '51401')
  await untilLines(rebooted, 2)
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
  assert.deepEqual(node.server.repliesOf(waiting), [])
  await node.stop()
  await node.start({ bootId: 'two' })
  assert.equal((await node.server.final(command)).documentStatus, 'Success')
  assert.equal((await node.server.final(waiting)).documentStatus, 'Success')
  assert.equal(await readFile(ran, 'utf8'), 'x\nx\n')
})

test('a step whose restart does not come fails, and what waited goes on', async () => {
  await using node = await TestNode.registered()
  const rebooted = join(node.state, 'rebooted')
  await setRebootCommand(node, `echo x >> ${rebooted}`)
  await node.start({ bootId: 'one', limits: { parallel: 1 } })
  const document = stepsDocument({ run: { runCommand: ['echo out', 'exit 194'] }, next: { runCommand: ['echo next'] } })
  const command = node.server.send(document)
  const waiting = node.server.sendScript('true')
  await untilLines(rebooted, 1)
  await node.stop()
  // What the step had come to is known to an agent that did not see it.
  await node.start({ bootId: 'one', limits: { parallel: 1, rebootPatienceMs: 50 } })
  assert.equal((await node.server.final(command)).documentStatus, 'Failed')
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.deepEqual([steps.run.status, steps.run.code, steps.next.standardOutput], ['Failed', 194, 'next\n'])
  assert.equal(steps.run.standardOutput, 'out\n')
  assert.equal(steps.run.standardError, 'failed to run commands: exit status 194, and the machine was not restarted')
  assert.equal((await node.server.final(waiting)).documentStatus, 'Success')
})

async function untilLines(path: string, lines: number): Promise<void> {
  while (!existsSync(path) || (await readFile(path, 'utf8')).split('\n').length <= lines) await sleep(10)
}

async function setRebootCommand(node: TestNode, rebootCommand: string): Promise<void> {
  const { configuration } = stateDirectory(node.state)
  await writeFile(
    configuration,
    JSON.stringify({ ...JSON.parse(await readFile(configuration, 'utf8')), rebootCommand }),
  )
}

test('a damaged journal is put aside, reported, and does not stop the agent', async () => {
  await using node = await TestNode.registered()
  const { begun, gate, ran, lines } = gated(node, 'a')
  await node.start()
  const command = node.server.sendScript(...lines)
  await untilExists(begun)
  await node.stop()
  await writeFile(gate, '')
  const state = stateDirectory(node.state)
  const journal = join(state.journal, command.commandId)
  const bytes = await readFile(journal)
  bytes[40] = 0
  await writeFile(journal, bytes)
  await node.start()
  const final = await node.server.final(command)
  assert.equal(final.documentStatus, 'Failed')
  assert.match(final.documentTraceOutput, /record of this command is damaged/)
  assert.deepEqual(await readdir(state.corrupt), [command.commandId])
  assert.equal((await node.server.final(node.server.sendScript('true'))).documentStatus, 'Success')
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('a last line that a crash cut off is dropped', async () => {
  await using node = await TestNode.registered()
  const { begun, gate, lines } = gated(node, 'a')
  await node.start()
  const command = node.server.sendScript(...lines)
  await untilExists(begun)
  await node.stop()
  const journal = join(stateDirectory(node.state).journal, command.commandId)
  await appendFile(journal, 'abcdef0123456789 {"type":"finis')
  await writeFile(gate, '')
  await node.start()
  assert.equal((await node.server.final(command)).steps.run!.code, 5)
})

test('a journal in which nothing was accepted yet is forgotten', async () => {
  await using node = await TestNode.registered()
  await node.start()
  const command = node.server.sendScript('true')
  await node.server.final(command)
  await node.stop()
  const state = stateDirectory(node.state)
  await writeFile(join(state.journal, 'torn'), 'abcd')
  await writeFile(join(state.journal, 'empty'), '')
  await truncate(join(state.journal, 'empty'), 0)
  await node.start()
  assert.equal((await readdir(state.journal)).includes('torn'), false)
  assert.equal((await readdir(state.journal)).includes('empty'), false)
})

test('AGT-21 kill -9 at any moment loses no command and runs none twice', async () => {
  await using node = await TestNode.registered()
  const ran = join(node.state, 'ran')
  const commands: SentCommand[] = []
  let agent = await AgentProcess.start(node)
  for (let round = 0; round < 6; round += 1) {
    for (let i = 0; i < 6; i += 1)
      commands.push(node.server.sendScript(`echo ${commands.length} >> ${ran}`, `sleep 0.0${i}`, 'echo done'))
    // Different moments of the way from the job to the last reply.
    await sleep(round * 25)
    await agent.end('SIGKILL')
    agent = await AgentProcess.start(node)
    const unknown = commands.filter(({ jobId }) => !node.server.acks.some((ack) => ack.jobId === jobId))
    // What was never acknowledged the server sends again; whether the agent has it or not.
    for (const command of unknown)
      node.server.send(
        stepsDocument({ run: { runCommand: [`echo ${commands.indexOf(command)} >> ${ran}`] } }),
        {},
        command.commandId,
      )
  }
  const finals = await Promise.all(commands.map((command) => node.server.final(command, 60_000)))
  assert.deepEqual(new Set(finals.map(({ documentStatus }) => documentStatus)), new Set(['Success']))
  const lines = (await readFile(ran, 'utf8')).trim().split('\n').map(Number)
  assert.deepEqual(
    lines.sort((a, b) => a - b),
    [...commands.keys()],
  )
  await agent.end('SIGTERM')
})
