import assert from 'node:assert/strict'
import { chmodSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { payloadType } from '@steward/protocol/session/index.ts'
import { processArguments } from '#scripts/processes.ts'
import { AgentProcess } from '#testing/agent-process.ts'
import { TestNode } from '#testing/test-node.ts'

const shell = { schemaVersion: '1.0', sessionType: 'Standard_Stream' }

test('SM-09 a session goes on when its agent is killed, and the next agent tells of its end', async () => {
  await using node = await TestNode.registered()
  const first = await AgentProcess.start(node)
  const session = node.server.startSession(shell)
  session.type('echo be""fore\r')
  await session.shows('before')
  await first.end('SIGKILL')
  session.type('echo with""out\r')
  await session.shows('without')
  await using second = await AgentProcess.start(node)
  session.type('exit\r')
  assert.equal((await session.ended()).status, 'Success', second.log)
})

test('SM-09 the next agent ends a session, and tells of one that ended while there was no agent', async () => {
  await using node = await TestNode.registered()
  const first = await AgentProcess.start(node)
  const [goesOn, ends] = [node.server.startSession(shell), node.server.startSession(shell)]
  await Promise.all([goesOn.shows(/[$#] $/), ends.shows(/[$#] $/)])
  await first.end('SIGTERM')
  ends.type('exit\r')
  await node.server.until('the end of a shell', () => ends.states.includes('Terminating'))
  await using _second = await AgentProcess.start(node)
  assert.equal((await ends.ended()).status, 'Success')
  goesOn.terminate()
  assert.equal((await goesOn.ended()).status, 'Success')
})

test('SM-01 the server may ask twice; a session starts once', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  const { sessionId } = session
  const again = node.server.startSession(shell, { sessionId })
  node.server.sessions.set(sessionId, session)
  const other = node.server.startSession(shell)
  await other.shows(/[$#] $/)
  assert.deepEqual([session.opens, again.opens], [1, 0])
})

test('SM-09 that a session is over is told until the server has it', async () => {
  await using node = await TestNode.connected()
  node.server.acknowledgeReplies = false
  const session = node.server.startSession(shell)
  session.type('exit\r')
  await node.server.until('two tellings', () => node.server.completes.length >= 2)
  node.server.acknowledgeReplies = true
  node.server.disconnect()
  const of = () => node.server.completes.filter(({ sessionId }) => sessionId === session.sessionId)
  await node.server.until('another telling', () => of().length >= 3)
  const next = node.server.startSession(shell)
  await next.shows(/[$#] $/)
  assert.ok(!readdirSync(join(node.state, 'sessions')).includes(session.sessionId))
})

test('SM-01 a session that the server does not admit, or whose document is wrong, fails with a reason', async () => {
  await using node = await TestNode.connected()
  const outputOf = async (document: object, refusal = '') => {
    const session = node.server.startSession({ ...document })
    session.refusal = refusal
    const { status, output } = await session.ended()
    assert.equal(status, 'Failed')
    return output
  }
  assert.match(await outputOf(shell, 'Session is already terminated'), /CreateDataChannel answered 400/)
  assert.equal(await outputOf({ ...shell, sessionType: 'Odd' }), 'Session type Odd is not supported.')
  assert.equal(await outputOf({ ...shell, schemaVersion: '2.0' }), 'Schema 2.0 is not supported.')
  const inputs = { runAsEnabled: 'maybe' }
  assert.equal(await outputOf({ ...shell, inputs }), 'runAsEnabled of the session document must be true or false.')
})

test('SM-01 a session id that is a path starts nothing', async () => {
  await using node = await TestNode.connected()
  node.server.startSession(shell, { sessionId: '../../etc' })
  node.server.startSession(shell, { sessionId: '..' })
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  assert.deepEqual(readdirSync(join(node.state, 'sessions')), [session.sessionId])
})

test('frames that are none, and payloads that mean nothing, do no harm', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.sendBytes(Buffer.from('no frame'))
  session.channel.send(payloadType.size, '{"cols":"many"}')
  session.channel.send(payloadType.flag, new Uint8Array(1))
  session.channel.send(99, 'what is this')
  session.notify('no_such_message')
  session.type('echo st""ill\r')
  await session.shows('still')
})

test('SM-23 what the agent keeps of a session is for its own user only', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type(`cat ${node.state}/credentials; echo "<$(env | grep -c ASIATEST)>"\r`)
  chmodSync(node.state, 0o755)
  if (process.getuid?.() === 0) await session.shows('Permission denied')
  await session.shows(/<0>|No such/)
})

test('SM-09 a worker whose folder was taken away ends with its session', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type('echo "worker=$PPID."\r')
  const [, pid] = /worker=(\d+)\./.exec(await session.shows(/worker=\d+\./))!
  rmSync(join(node.state, 'sessions', session.sessionId), { recursive: true })
  session.type('exit\r')
  const { status, output } = await session.ended()
  assert.match(`${status} ${output}`, /^Failed The session's process was ended/)
  assert.equal(processArguments(Number(pid)), undefined)
})
