import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { decodeAgentMessage, encodeAgentMessage, jobIdOf } from '@steward/protocol'
import { removeOldCommands } from '#commands/retention.ts'
import { processIdentity } from '#scripts/processes.ts'
import { stateDirectory } from '#state-directory.ts'
import { shellDocument, stepsDocument } from '#testing/stub-server.ts'
import { silentLog, TestNode } from '#testing/test-node.ts'

/** Whether a process still runs; a zombie, which nobody has collected yet, does not. */
function isAlive(pid: number): boolean {
  return processIdentity(pid) !== undefined
}

/** Waits until a script has written a line to a file. */
async function untilFile(node: TestNode, path: string): Promise<string> {
  for (;;) {
    const text = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (text.endsWith('\n')) return text.trim()
    await new Promise((resolve) => setTimeout(resolve, 10))
    assert.ok(node.server, path)
  }
}

test('RC-24 five commands run at once and the others wait in order', async () => {
  await using node = await TestNode.connected()
  const gate = join(node.state, 'gate')
  const started = join(node.state, 'started')
  const script = (n: number) => [
    `echo ${n} >> ${started}`,
    `while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`,
  ]
  const commands = [0, 1, 2, 3, 4, 5, 6].map((n) => node.server.sendScript(...script(n)))
  await Promise.all(commands.map((command) => node.server.ack(command)))
  await node.server.until(
    'five to begin',
    () => commands.filter((command) => node.server.repliesOf(command).length > 0).length === 5,
  )
  while (!existsSync(started) || (await readFile(started, 'utf8')).split('\n').length < 6)
    await new Promise(setImmediate)
  assert.deepEqual((await readFile(started, 'utf8')).trim().split('\n').sort(), ['0', '1', '2', '3', '4'])
  await writeFile(gate, '')
  const finals = await Promise.all(commands.map((command) => node.server.final(command)))
  assert.ok(finals.every(({ documentStatus }) => documentStatus === 'Success'))
  assert.deepEqual((await readFile(started, 'utf8')).trim().split('\n').slice(5).sort(), ['5', '6'])
})

test('RC-22 a cancelled script may clean up; its output is kept', async () => {
  await using node = await TestNode.connected()
  const pidFile = join(node.state, 'pid')
  const command = node.server.sendScript(
    "trap 'echo cleaning up; exit 0' TERM",
    'echo begun',
    `echo $$ > ${pidFile}`,
    'while :; do sleep 0.05; done',
  )
  await untilFile(node, pidFile)
  const cancelJob = node.server.cancel(command)
  const final = await node.server.final(command)
  assert.equal(final.documentStatus, 'Cancelled')
  assert.equal(final.steps.run!.status, 'Cancelled')
  assert.equal(final.steps.run!.code, 137)
  assert.equal(final.steps.run!.standardOutput, 'begun\ncleaning up\n')
  assert.equal((await node.server.ack({ commandId: '', jobId: cancelJob })).statusCode, '200')
  const told = await node.server.until('the word about the cancel job', () =>
    node.server.replies.find(({ jobId }) => jobId === cancelJob),
  )
  assert.equal(told.topic, 'aws.ssm.cancelCommand')
  assert.equal(told.reply.documentStatus, 'InProgress')
})

test('RC-22 E2E-04 a cancel ends the whole tree: who ignores it, who left the group, who has another parent', async () => {
  await using node = await TestNode.connected({ limits: { cancelGraceMs: 200 } })
  const pids = ['stubborn', 'own-session', 'orphan'].map((name) => join(node.state, name))
  const command = node.server.sendScript(
    "trap '' TERM",
    `(echo $(exec sh -c 'echo $PPID') > ${pids[0]}; exec sleep 300) &`,
    `setsid sh -c 'echo $$ > ${pids[1]}; exec sleep 300' &`,
    `setsid sh -c '(setsid sh -c "echo \\$\\$ > ${pids[2]}; exec sleep 300" &)' &`,
    'wait',
    'sleep 300',
  )
  const found = await Promise.all(pids.map(async (path) => Number(await untilFile(node, path))))
  assert.ok(found.every(isAlive))
  node.server.cancel(command)
  assert.equal((await node.server.final(command)).documentStatus, 'Cancelled')
  assert.deepEqual(found.filter(isAlive), [])
})

test('a command that waits for its turn is cancelled without beginning', async () => {
  await using node = await TestNode.connected({ limits: { parallel: 1 } })
  const gate = join(node.state, 'gate')
  const first = node.server.sendScript(`while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`)
  const second = node.server.sendScript(`echo ran > ${join(node.state, 'ran')}`)
  await node.server.ack(second)
  node.server.cancel(second)
  const final = await node.server.final(second)
  assert.deepEqual(
    [final.documentStatus, final.steps.run!.status, final.steps.run!.code],
    ['Cancelled', 'Cancelled', 137],
  )
  await writeFile(gate, '')
  assert.equal((await node.server.final(first)).documentStatus, 'Success')
  assert.equal(existsSync(join(node.state, 'ran')), false)
})

test('cancelling what is unknown or over is acknowledged and changes nothing', async () => {
  await using node = await TestNode.connected()
  const command = node.server.sendScript('echo done')
  await node.server.final(command)
  const answers = [
    node.server.cancel(command),
    node.server.cancel({ commandId: '', jobId: jobIdOf(randomUUID(), 'mi-1') }),
  ]
  for (const jobId of answers) assert.equal((await node.server.ack({ commandId: '', jobId })).statusCode, '200')
  const states = node.server.repliesOf(command).map(({ documentStatus }) => documentStatus)
  assert.equal(states.at(-1), 'Success')
})

test('steps after a cancelled one are cancelled too', async () => {
  await using node = await TestNode.connected({ limits: { cancelGraceMs: 100 } })
  const begun = join(node.state, 'begun')
  const command = node.server.send(
    stepsDocument({
      a: { runCommand: ['true'] },
      b: { runCommand: [`echo x > ${begun}`, 'sleep 300'] },
      c: { runCommand: ['true'] },
    }),
  )
  await untilFile(node, begun)
  node.server.cancel(command)
  assert.equal((await node.server.final(command)).documentStatus, 'Cancelled')
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.deepEqual([steps.a.status, steps.b.status, steps.c.status], ['Success', 'Cancelled', 'Cancelled'])
  assert.equal(steps.b.standardError, '')
})

test('AGT-10 a script that runs over its time is killed with its tree, and the next step runs', async () => {
  await using node = await TestNode.connected()
  const pid = join(node.state, 'pid')
  const command = node.server.send(
    stepsDocument({
      slow: {
        runCommand: ['echo before', `setsid sh -c 'echo $$ > ${pid}; exec sleep 300' &`, 'sleep 300'],
        timeoutSeconds: '5',
      },
      next: { runCommand: ['echo next'] },
    }),
  )
  const final = await node.server.final(command)
  const steps = Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
  assert.equal(final.documentStatus, 'TimedOut')
  assert.deepEqual([steps.slow.status, steps.slow.code, steps.slow.standardOutput], ['TimedOut', 137, 'before\n'])
  assert.equal(steps.slow.standardError, '')
  assert.equal(steps.next.standardOutput, 'next\n')
  assert.equal(isAlive(Number(await readFile(pid, 'utf8'))), false)
  assert.deepEqual(final.steps, {})
})

test('a job that is delivered again is a duplicate: while it runs, when it is over, after a restart', async () => {
  await using node = await TestNode.connected()
  const ran = join(node.state, 'ran')
  const gate = join(node.state, 'gate')
  const document = shellDocument([
    `echo x >> ${ran}`,
    `while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`,
  ])
  const command = node.server.send(document)
  await untilFile(node, ran)
  const again = async () => {
    node.server.acks.length = 0
    node.server.send(document, {}, command.commandId)
    return (await node.server.ack(command)).statusCode
  }
  assert.equal(await again(), '51405')
  await writeFile(gate, '')
  await node.server.final(command)
  assert.equal(await again(), '51405')
  await node.stop()
  await node.start()
  assert.equal(await again(), '51405')
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('the same job twice in one breath is taken once', async () => {
  await using node = await TestNode.connected()
  const ran = join(node.state, 'ran')
  const command = node.server.send(shellDocument([`echo x >> ${ran}`]))
  node.server.send(shellDocument([`echo x >> ${ran}`]), {}, command.commandId)
  await node.server.final(command)
  const codes = await node.server.until('two answers', () => {
    const found = node.server.acks.filter(({ jobId }) => jobId === command.jobId)
    return found.length === 2 && found.map(({ statusCode }) => statusCode).sort()
  })
  assert.deepEqual(codes, ['200', '51405'])
  assert.equal(await readFile(ran, 'utf8'), 'x\n')
})

test('more commands than the agent keeps are sent back for later', async () => {
  await using node = await TestNode.connected({ limits: { parallel: 1, waiting: 1, cancelGraceMs: 50 } })
  const begun = join(node.state, 'begun')
  const first = node.server.sendScript(`echo x > ${begun}`, 'sleep 300')
  await untilFile(node, begun)
  await node.server.ack(node.server.sendScript('true'))
  assert.equal((await node.server.ack(node.server.sendScript('true'))).statusCode, '51402')
  node.server.cancel(first)
  await node.server.final(first)
})

test('a document that cannot run is refused, and the reply says why', async () => {
  await using node = await TestNode.connected()
  const command = node.server.send({ schemaVersion: '9.9' })
  assert.equal((await node.server.ack(command)).statusCode, '51408')
  const final = await node.server.final(command)
  assert.equal(final.documentStatus, 'Failed')
  assert.match(final.documentTraceOutput, /^Document with schema version 9\.9 is not supported/)
})

test('jobs of other nodes, of other topics, and broken ones do not disturb the agent', async () => {
  await using node = await TestNode.connected()
  const other = jobIdOf(randomUUID(), 'mi-other')
  node.server.sendJob(other, 'aws.ssm.sendCommand.x', '{}')
  assert.equal((await node.server.ack({ commandId: '', jobId: other })).statusCode, '51408')
  const strange = jobIdOf(randomUUID(), node.server.nodeId)
  node.server.sendJob(strange, 'aws.ssm.makeCoffee', '{}')
  assert.equal((await node.server.ack({ commandId: '', jobId: strange })).statusCode, '51403')
  const broken = jobIdOf(randomUUID(), node.server.nodeId)
  node.server.sendJob(broken, 'aws.ssm.sendCommand', 'not json')
  assert.equal((await node.server.ack({ commandId: '', jobId: broken })).statusCode, '51408')
  node.server.sendFrame('agent_job', '[]')
  node.server.sendFrame('agent_coffee', '{}')
  node.server.sendBytes(new Uint8Array(10))
  const frame = encodeAgentMessage({ messageType: 'agent_job', messageId: randomUUID(), createdDate: 1, payload: '{}' })
  assert.equal(decodeAgentMessage(frame).messageType, 'agent_job')
  node.server.sendBytes(frame.fill(0, 80, 112))
  assert.equal((await node.server.final(node.server.sendScript('echo still here'))).documentStatus, 'Success')
})

test('a reply is sent again, with its id, until it is acknowledged', async () => {
  await using node = await TestNode.connected({ limits: { resendRepliesAfterMs: 100 } })
  node.server.acknowledgeReplies = false
  const command = node.server.sendScript('echo hello')
  await node.server.final(command)
  const finals = () => node.server.replies.filter(({ reply }) => reply.documentStatus === 'Success')
  await node.server.until('the same reply again', () => finals().length >= 2)
  assert.equal(new Set(finals().map(({ messageId }) => messageId)).size, 1)
  node.server.acknowledgeReplies = true
  const { finished } = stateDirectory(node.state)
  while (!(await readdir(finished)).includes(command.commandId)) await new Promise((resolve) => setTimeout(resolve, 20))
})

test('after a lost connection the agent comes back and sends what was not acknowledged, in order', async () => {
  await using node = await TestNode.connected()
  node.server.acknowledgeReplies = false
  const command = node.server.sendScript('echo hello')
  await node.server.final(command)
  node.server.replies.length = 0
  node.server.acknowledgeReplies = true
  node.server.disconnect()
  await node.server.final(command)
  const states = node.server
    .repliesOf(command)
    .map(({ documentStatus, steps }) => [documentStatus, Object.keys(steps).length])
  assert.deepEqual(states, [
    ['InProgress', 0],
    ['InProgress', 1],
    ['Success', 1],
  ])
})

test('E2E-03 a command that ends while the server is away is reported when it is back', async () => {
  await using node = await TestNode.connected()
  const gate = join(node.state, 'gate')
  const begun = join(node.state, 'begun')
  const command = node.server.sendScript(
    `echo x > ${begun}`,
    `while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`,
    'echo done',
  )
  await untilFile(node, begun)
  node.server.refuseChannels = true
  node.server.disconnect()
  await writeFile(gate, '')
  await node.server
    .until(
      'attempts to come back',
      () => node.lines.filter((line) => /cannot be opened/.test(line)).length > 0 || undefined,
      50,
    )
    .catch(() => {})
  node.server.refuseChannels = false
  assert.equal((await node.server.final(command)).steps.run!.standardOutput, 'done\n')
})

test('AGT-22 what commands left behind is removed after 336 hours, unless they are not over', async () => {
  await using node = await TestNode.registered()
  const state = stateDirectory(node.state)
  const hour = 3_600_000
  const now = Date.now()
  const age = async (path: string, hours: number) =>
    utimes(path, new Date(now - hours * hour), new Date(now - hours * hour))
  for (const [name, hours] of [
    ['old', 337],
    ['new', 335],
    ['active', 337],
  ] as const) {
    await mkdir(join(state.orchestration, name, '0-run'), { recursive: true })
    await writeFile(join(name === 'active' ? state.journal : state.finished, name), '')
    await age(join(state.orchestration, name), hours)
    await age(join(name === 'active' ? state.journal : state.finished, name), hours)
  }
  await removeOldCommands(state, now, silentLog)
  assert.deepEqual((await readdir(state.orchestration)).sort(), ['active', 'new'])
  assert.deepEqual(await readdir(state.finished), ['new'])
  assert.deepEqual(await readdir(state.journal), ['active'])
})
