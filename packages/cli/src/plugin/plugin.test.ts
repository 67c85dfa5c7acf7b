import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { capturedIo } from '#testing/captured-io.ts'
import { readCommandLine } from './command-line.ts'
import { plugin } from './plugin.ts'
import { localEnd } from './port-properties.ts'

const STREAM = 'ws://127.0.0.1:1/v1/data-channel/s-1?role=publish_subscribe'
const ANSWER = JSON.stringify({ SessionId: 's-1', TokenValue: 'token', StreamUrl: STREAM })
const REQUEST = '{"Target": "mi-1"}'
const CALL = {
  sessionId: 's-1',
  streamUrl: STREAM,
  tokenValue: 'token',
  region: 'us-east-1',
  profile: 'ops',
  target: 'mi-1',
  endpoint: 'http://127.0.0.1:1',
}

async function printed(...words: string[]): Promise<string> {
  const io = capturedIo()
  await plugin(words, io)
  return io.out()
}

test('SM-01 the plugin tells the version by which the AWS CLI decides how to call it', () => {
  const program = fileURLToPath(new URL('../../bin/session-manager-plugin.mjs', import.meta.url))
  assert.equal(execFileSync(process.execPath, [program, '--version'], { encoding: 'utf8' }), '1.2.677.0\n')
})

test('SM-01 the plugin takes six words: the answer itself, or the variable that holds it', () => {
  const words = (answer: string) => [answer, 'us-east-1', 'StartSession', 'ops', REQUEST, 'http://127.0.0.1:1']
  assert.deepEqual(readCommandLine(words(ANSWER), {}), { call: CALL })
  const AWS_SSM_START_SESSION_RESPONSE = ANSWER
  const variable = words('AWS_SSM_START_SESSION_RESPONSE')
  assert.deepEqual(readCommandLine(variable, { AWS_SSM_START_SESSION_RESPONSE }), { call: CALL })
  assert.deepEqual(readCommandLine([ANSWER, 'us-east-1', 'StartSession', ''], {}), {
    call: { ...CALL, profile: '', target: '', endpoint: undefined },
  })
})

test('SM-01 what the plugin does not understand it says in the words of the original', async () => {
  assert.match(await printed(), /^\nThe Session Manager plugin was installed successfully\./)
  assert.match(await printed('--help'), /^\nUnknown operation --help\. \nUse session-manager-plugin --version/)
  assert.equal(await printed(ANSWER, 'us-east-1', 'Resume', ''), 'Invalid Operation')
  for (const answer of ['{', 'null', '{}', '{"SessionId":"s","StreamUrl":"no","TokenValue":"t"}']) {
    assert.match(await printed(answer, 'r', 'StartSession', '', REQUEST, ''), /^Cannot perform start session: /, answer)
  }
})

test('SM-14 the local end of a forwarding is where its document says', () => {
  assert.deepEqual(localEnd({ localPortNumber: '9100', portNumber: '80' }), { address: 'localhost', port: 9100 })
  assert.deepEqual(localEnd({ portNumber: '80' }), { address: 'localhost', port: 0 })
  assert.deepEqual(localEnd({ localPortNumber: 'x' }), { address: 'localhost', port: 0 })
  assert.deepEqual(localEnd({ localConnectionType: 'unix', localUnixSocket: '/run/x' }), { socket: '/run/x' })
})
