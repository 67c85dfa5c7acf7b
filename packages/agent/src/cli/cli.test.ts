import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { serviceUnit } from '#cli/install-service.ts'
import { pinOf } from '#server/certificate-pin.ts'
import { fixture, StubServer } from '#testing/stub-server.ts'

const program = new URL('../main.ts', import.meta.url).pathname
const tls = (name: string) => new URL(`../../fixtures/tls/${name}`, import.meta.url).pathname

type Ended = { code: number | null; out: string; err: string }

/** Runs the program to its end. */
function steward(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

async function temporary() {
  const root = await mkdtemp(join(tmpdir(), 'steward-cli-'))
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

const activation = ['--region', 'us-east-1', '--activation-id', 'id', '--activation-code', 'code']

test('--version and --help answer with 0, a wrong command line with 2', async () => {
  assert.deepEqual(await steward('--version'), { code: 0, out: '0.1.0\n', err: '' })
  assert.match((await steward('--help')).out, /steward-agent register --url/)
  for (const args of [
    [],
    ['dance'],
    ['register'],
    ['run', '--nonsense'],
    ['register', '--url', 'ftp://x', ...activation],
  ]) {
    const { code, err } = await steward(...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(err, /steward-agent register --url/)
  }
})

test('register trusts the authority of --ca and keeps the node id', async () => {
  await using server = await StubServer.start(true)
  await using state = await temporary()
  const args = ['register', '--url', server.url, ...activation, '--ca', tls('ca.pem'), '--state', state.root]
  assert.deepEqual(await steward(...args), { code: 0, out: `This machine is now ${server.nodeId}\n`, err: '' })
  assert.match((await steward(...args)).out, /was registered before/)
})

test('register refuses a server whose authority it does not know', async () => {
  await using server = await StubServer.start(true)
  await using state = await temporary()
  const { code, err } = await steward('register', '--url', server.url, ...activation, '--state', state.root)
  assert.equal(code, 1)
  assert.match(err, /certificate/)
})

test('register trusts the authority with the pinned key, and no other', async () => {
  await using server = await StubServer.start(true)
  await using state = await temporary()
  const pin = pinOf(new X509Certificate(fixture('ca.pem')))
  const args = ['register', '--url', server.url, ...activation, '--state', state.root]
  const wrong = await steward(...args, '--ca-pin', `sha256//${Buffer.alloc(32).toString('base64')}`)
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /has the pin/)
  assert.equal((await steward(...args, '--ca-pin', pin)).out, `This machine is now ${server.nodeId}\n`)
})

test('AGT-17 diagnose goes the way of a connection and says where it ends', async () => {
  await using state = await temporary()
  const { code, out } = await steward('diagnose', '--state', state.root)
  assert.equal(code, 1)
  assert.match(out, /^FAILED {2}registration: .*run steward-agent register/)
  await using server = await StubServer.start(true)
  await steward('register', '--url', server.url, ...activation, '--ca', tls('ca.pem'), '--state', state.root)
  const { out: well } = await steward('diagnose', '--state', state.root)
  for (const line of [
    'registration',
    'name of the server',
    'connection',
    'certificate',
    'clock',
    'credentials',
    'API',
  ]) {
    assert.match(well, new RegExp(`^ok +${line}`, 'm'))
  }
  assert.match(well, /^FAILED {2}agent process/m)
})

test('the service leaves scripts running when the agent stops', () => {
  const unit = serviceUnit(['/usr/bin/node', '/opt/steward agent/a.mjs'], '/var/lib/steward-agent')
  assert.match(
    unit,
    /^ExecStart=\/usr\/bin\/node "\/opt\/steward agent\/a.mjs" run --state \/var\/lib\/steward-agent$/m,
  )
  assert.match(unit, /^KillMode=process$/m)
})
