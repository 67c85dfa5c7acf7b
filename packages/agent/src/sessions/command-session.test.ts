import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '@steward/protocol'
import { formatFlag, payloadType, sessionFlag } from '@steward/protocol/session/index.ts'
import { processArguments } from '#scripts/processes.ts'
import type { StubSession } from '#testing/stub-session.ts'
import { TestNode } from '#testing/test-node.ts'

function commandDocument(commands: string, more: JsonObject = {}): JsonObject {
  const properties = { commands, ...more }
  const document = { schemaVersion: '1.0', sessionType: 'NonInteractiveCommands' }
  return { ...document, properties: { linux: properties, macos: properties } }
}

const separate = { separateOutputStream: 'true' }

/** Answers the handshake as our own client does. */
function sendInput(session: StubSession): void {
  session.answer = () => [{ actionType: 'SessionType', status: 1, result: { standardInput: true } }]
}

test('SM-16 a command’s two streams and its exit code arrive apart', async () => {
  await using node = await TestNode.connected()
  const prefixes = { stdOutSeparatorPrefix: 'O:', stdErrSeparatorPrefix: 'E:' }
  const document = commandDocument("sh -c 'echo out; echo err >&2; exit 4'", { ...separate, ...prefixes })
  const session = node.server.startSession(document)
  assert.equal((await session.ended()).status, 'Success')
  assert.deepEqual([session.text(), session.text(payloadType.stdErr)], ['O:out\n', 'E:err\n'])
  assert.equal(session.messages.at(-1)!.payload.toString(), 'EXIT_CODE: 4')
})

test('SM-16 without separation there is one stream and no exit code', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument("sh -c 'echo out; echo err >&2; exit 4'"))
  assert.equal((await session.ended()).status, 'Success')
  assert.equal(session.text().split('\n').sort().join(), ',err,out')
  assert.equal(session.text(payloadType.exitCode), '')
})

test('SM-16 a program that is not there is told by its name', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument('/no/such/bin --flag', separate))
  assert.equal((await session.ended()).status, 'Failed')
  assert.equal(session.text(payloadType.stdErr), '/no/such/bin: no such file or directory\n')
  assert.equal(session.text(payloadType.exitCode), 'EXIT_CODE: 1')
})

test('SM-16 Ctrl-C of the client interrupts the command', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument("sh -c 'echo begun; exec sleep 300'", separate))
  await session.shows('begun')
  session.type('ignored')
  session.type('\x03')
  assert.equal((await session.ended()).status, 'Failed')
  assert.equal(session.text(payloadType.exitCode), 'EXIT_CODE: 1')
})

test('SM-16 our client sends standard input to its end, and every byte comes back', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument('cat', separate))
  sendInput(session)
  await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  const input = Buffer.alloc(
    3_000_000,
    Uint8Array.from({ length: 251 }, (_, i) => i),
  )
  for (let at = 0; at < input.length; at += 32_768) {
    session.channel.send(payloadType.output, input.subarray(at, at + 32_768))
  }
  session.channel.send(payloadType.flag, formatFlag(sessionFlag.endOfInput))
  assert.equal((await session.ended()).status, 'Success')
  const output = session.messages.filter(({ type }) => type === payloadType.output).map(({ payload }) => payload)
  assert.ok(Buffer.concat(output).equals(input))
  assert.equal(session.messages.at(-1)!.payload.toString(), 'EXIT_CODE: 0')
})

test('SM-16 our client’s signals reach the command, and its end by one is told as shells do', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument("sh -c 'echo begun; exec sleep 300'", separate))
  sendInput(session)
  await session.shows('begun')
  session.channel.send(payloadType.flag, formatFlag(sessionFlag.terminate))
  await session.ended()
  assert.equal(session.text(payloadType.exitCode), 'EXIT_CODE: 143')
})

test('SM-09 terminating ends the command and what it started', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument(`sh -c 'setsid sleep 300 & echo "pid=$!"; wait'`))
  const [, pid] = /pid=(\d+)/.exec(await session.shows(/pid=\d+\n/))!
  session.terminate()
  assert.equal((await session.ended()).status, 'Success')
  assert.equal(processArguments(Number(pid)), undefined)
})

test('SM-16 a client that does not answer the handshake, or refuses, fails the session with a reason', async () => {
  await using node = await TestNode.connected({ limits: { sessions: { handshakeMs: 200 } } })
  const silent = node.server.startSession(commandDocument('true'))
  silent.answer = () => undefined
  const refusing = node.server.startSession(commandDocument('true'))
  refusing.answer = () => [{ actionType: 'SessionType', status: 2, error: 'no such plugin' }]
  assert.match((await silent.ended()).output, /Handshake timed out\. Please ensure/)
  assert.match((await refusing.ended()).output, /SessionType failed on client with status 2 error: no such plugin/)
})

test('SM-16 an elevated command runs as root, or says that it cannot', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(commandDocument("sh -c 'echo $HOME; id -u'", { runAsElevated: true }))
  const { status, output } = await session.ended()
  if (process.getuid?.() === 0) assert.equal(session.text(), '/root\n0\n')
  else assert.match(`${status} ${output}`, /Failed .*the agent must run as root/s)
})
