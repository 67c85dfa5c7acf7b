import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sessionMessageType } from '@steward/protocol/session/index.ts'
import { processArguments } from '#scripts/processes.ts'
import { TestNode } from '#testing/test-node.ts'

const shell = { schemaVersion: '1.0', sessionType: 'Standard_Stream' }
const isRoot = process.getuid?.() === 0

test('SM-01 a shell opens without a handshake, echoes what is typed, and ends with exit', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  assert.equal(session.handshake, undefined)
  session.type('echo sum=$((40+2)); tty\r')
  await session.shows(/sum=42\r\n\/dev\/pts/)
  session.type('exit 3\r')
  const { status, output } = await session.ended()
  assert.deepEqual([status, output], ['Success', ''])
  assert.deepEqual(session.states, ['Connected', 'Terminating'])
  const next = node.server.startSession(shell)
  await next.shows(/[$#] $/)
  assert.ok(!existsSync(join(node.state, 'sessions', session.sessionId)), 'the acknowledged session’s folder')
})

test('SM-06 the user’s environment is that of a terminal', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  const user = isRoot ? 'ssm-user' : process.env.USER
  session.type('echo "<$TERM $LANG $HOME $(pwd) $(id -un) $NODE_COMPILE_CACHE>"\r')
  const home = isRoot ? '/home/ssm-user' : process.env.HOME
  await session.shows(`<xterm-256color ${process.env.LANG ?? 'C.UTF-8'} ${home} ${home} ${user} >`)
})

test('SM-17 the window’s size reaches the program, at first and when it changes', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.resize(100, 30)
  session.type('stty size\r')
  await session.shows('30 100\r\n')
  session.resize(133, 41)
  session.resize(0, 0)
  session.type('stty size\r')
  await session.shows('41 133\r\n')
})

test('SM-17 Ctrl-C interrupts what runs, and the shell goes on', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  // Said by what is to be interrupted: a shell that has not yet given it the terminal would take the signal itself.
  session.type(`sh -c "echo be''gin; exec sleep 300"\r`)
  await session.shows('begin')
  session.type('\x03')
  session.type('echo st""ill\r')
  await session.shows('still')
})

test('SM-17 characters arrive whole, and bytes that are none arrive too', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type(
    `for i in $(seq 3000); do printf 'gr\\303\\266\\303\\237e \\360\\237\\230\\200 %s\\n' $i; done; printf '\\377 e''nd\\n'\r`,
  )
  await session.shows('end')
  const messages = session.messages.map(({ payload }) => payload)
  for (const message of messages.slice(0, -1))
    assert.ok(!message.toString().endsWith('\ufffd'), message.toString('hex'))
  assert.equal(session.text().match(/größe 😀 \d+\r\n/g)?.length, 3000)
  assert.ok(Buffer.concat(messages).includes(0xff))
})

test('SM-17 a paste of 1 MB arrives without loss', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.type('stty raw -echo; echo re""ady; head -c 1048576 | cksum; stty sane\r')
  await session.shows('ready')
  const paste = 'The quick brown fox jumps over the lazy dog\n'.repeat(25_000).slice(0, 1_048_576)
  for (let at = 0; at < paste.length; at += 1024) session.type(paste.slice(at, at + 1024))
  await session.shows(/\d+ 1048576/)
  const expected = execFileSync('cksum', { input: paste, encoding: 'utf8' }).trim()
  assert.ok(session.text().includes(expected), expected)
})

test('SM-09 what the shell showed while the channel was cut follows when it is back', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type('echo be""gin; sleep 0.3; seq 1 2000; echo e""nd\r')
  await session.shows('begin')
  session.disconnect()
  const shown = await session.shows('end')
  assert.equal(session.opens, 2)
  assert.ok(shown.includes(Array.from({ length: 2000 }, (_, i) => `${i + 1}\r\n`).join('')))
  assert.deepEqual(session.states, ['Connected'])
})

test('SM-09 a paused session keeps its output, its end included, until its client is back', async () => {
  await using node = await TestNode.connected({ limits: { sessions: { drainMs: 100 } } })
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.type('echo be""gin; read line; seq 1 100000; exit\r')
  await session.shows('begin')
  session.type('\r')
  session.notify(sessionMessageType.pausePublication)
  await node.server.until('the pause to arrive', () => session.channel.unacknowledged === 0)
  session.notify(sessionMessageType.startPublication)
  await session.shows('100000\r\n')
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-09 terminating ends the whole process tree, also what left the terminal', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type('setsid sh -c \'echo "pid=$$"; sleep 300\' & sleep 300\r')
  const [, pid] = /pid=(\d+)/.exec(await session.shows(/pid=\d+/))!
  session.terminate()
  assert.equal((await session.ended()).status, 'Success')
  assert.equal(processArguments(Number(pid)), undefined)
})

test('SM-09 with the shell ends what runs in its terminal, but not what left it', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  session.type(
    'sh -c \'trap "" HUP; echo "in=$$."; exec sleep 300\' & setsid sh -c \'echo "out=$$."; exec sleep 300\' &\r',
  )
  const shown = await session.shows(/in=\d+[\s\S]*out=\d+|out=\d+[\s\S]*in=\d+/)
  const [inside, outside] = ['in', 'out'].map((name) => Number(new RegExp(`${name}=(\\d+)\\.`).exec(shown)?.[1]))
  session.type('exit\r')
  assert.equal((await session.ended()).status, 'Success')
  assert.equal(processArguments(inside!), undefined)
  assert.ok(processArguments(outside!))
  process.kill(outside!)
})

test('SM-09 channel_closed on the data channel ends the session too', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.notify(sessionMessageType.channelClosed)
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-06 the shell profile is typed before anything else', async () => {
  await using node = await TestNode.connected()
  const inputs = { shellProfile: { linux: 'PS1="my prompt> "; cd /tmp' } }
  const session = node.server.startSession({ ...shell, inputs })
  await session.shows(/^PS1=.*\r\n.*my prompt> $/)
})

test('SM-07 a run-as user that does not exist, that is missing, or that is root fails the session', async () => {
  await using node = await TestNode.connected()
  const output = async (runAsDefaultUser: string) => {
    const session = node.server.startSession({ ...shell, inputs: { runAsEnabled: true, runAsDefaultUser } })
    const end = await session.ended()
    assert.equal(end.status, 'Failed')
    return end.output
  }
  const error = (why: string) => `\n----------ERROR-------\nUnable to start command: ${why}\n`
  const notRoot = error('the agent must run as root to use RunAs')
  assert.equal(await output(''), error('please set the RunAs default user'))
  const missing = error('failed to start pty since RunAs user nosuch does not exist')
  assert.equal(await output('nosuch'), isRoot ? missing : notRoot)
  const root = error('RunAs user root must not be root or of its group')
  assert.equal(await output('root'), isRoot ? root : notRoot)
})

test('SM-07 the user of the caller’s tag wins over that of the preferences', async () => {
  await using node = await TestNode.connected()
  const user = isRoot ? 'daemon' : process.env.USER!
  const document = { ...shell, inputs: { runAsEnabled: 'true', runAsDefaultUser: 'nosuch' } }
  const session = node.server.startSession(document, { runAsUser: user })
  session.type('echo "<$(id -un) $(id -Gn)>"\r')
  await session.shows(new RegExp(`<${user} [^>]*${isRoot ? 'daemon' : ''}[^>]*>`))
})

test('SM-16 an interactive command runs in a terminal, by a shell', async () => {
  await using node = await TestNode.connected()
  const command = { commands: '{{ command }}' }
  const document = {
    schemaVersion: '1.0',
    sessionType: 'InteractiveCommands',
    parameters: { command: { type: 'String', default: 'false' } },
    properties: { linux: command, macos: command },
  }
  const parameters = { command: 'printf "name? "; read name; tty >/dev/null && echo "hello $name"; exit 3' }
  const session = node.server.startSession(document, { parameters })
  await session.shows('name? ')
  session.type('Ada\r')
  await session.shows('hello Ada')
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-17 a slow client makes the program wait', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows(/[$#] $/)
  session.channel.hold()
  session.type('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo e""nd\r')
  await node.server.until('the first megabyte', () => session.received > 1_000_000)
  const before = session.received
  const other = node.server.startSession(shell)
  await other.shows(/[$#] $/)
  assert.ok(session.received - before < 3_000_000, 'what is resent while nothing is acknowledged')
  session.channel.release()
  await node.server.until('everything', () => session.delivered > 20_000_000)
  await node.server.until('the end', () => session.messages.at(-1)!.payload.includes('end\r\n'))
})
