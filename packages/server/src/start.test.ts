import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** The server as `npm start` runs it, and what it says. */
class Started {
  readonly child: ChildProcess
  readonly exited: Promise<unknown[]>
  said = ''

  /** `under`: the command that starts it, if not this one. */
  constructor(data: string, env: Record<string, string> = {}, under: string[] = []) {
    const fixed = { STEWARD_DATA: data, STEWARD_HTTP: '127.0.0.1:0', STEWARD_HTTPS: 'off', STEWARD_LOCAL_NODE: 'off' }
    const [command, ...args] = [...under, process.execPath, MAIN]
    this.child = spawn(command!, args, {
      env: { PATH: process.env.PATH, ...fixed, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.exited = once(this.child, 'exit')
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.said += stripVTControlCharacters(text)))
  }

  /** Resolves with the match once it has been said. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.said)
      if (match) return match
      if (this.child.exitCode !== null) assert.fail(`It ended, and said:\n${this.said}`)
      await Promise.race([once(this.child.stderr!, 'data'), this.exited])
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<unknown[]> {
    this.child.kill(signal)
    return this.exited
  }
}

function temporary() {
  const path = mkdtempSync(join(tmpdir(), 'steward-start-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('a start says where everything is; a signal ends it cleanly; the next start finds its key again', async () => {
  using folder = temporary()
  const first = new Started(folder.path)
  const [, address] = await first.says(/Address\s+(http:\S+)/)
  const [, link] = await first.says(/(http:\S+\/console\/#one-time=\w{43})\n/)
  assert.ok(link!.startsWith(address!))
  await first.says(/Credentials\s+\S+root-key\.json/)
  assert.equal((await fetch(`${address}/readyz`)).status, 200)
  const key = readFileSync(join(folder.path, 'root-key.json'), 'utf8')
  assert.deepEqual(await first.stop('SIGINT'), [0, null])
  const second = new Started(folder.path)
  await second.says(/is running/)
  assert.equal(readFileSync(join(folder.path, 'root-key.json'), 'utf8'), key)
  assert.deepEqual(await second.stop('SIGTERM'), [0, null])
})

test('a start on a full disk says that it can make no link, and answers who reads', {
  skip: spawnSync('prlimit', ['--version']).status !== 0 && 'there is no prlimit here',
}, async () => {
  using folder = temporary()
  const first = new Started(folder.path)
  await first.says(/is running/)
  await first.stop('SIGKILL')
  const second = new Started(folder.path, {}, ['prlimit', '--fsize=40000:'])
  await second.says(/There is no link to the console: .*cannot use its database/)
  const [, address] = await second.says(/Address\s+(http:\S+)/)
  assert.equal((await fetch(`${address}/healthz`)).status, 200)
  assert.equal((await fetch(`${address}/readyz`)).status, 503)
  assert.deepEqual(await second.stop(), [0, null])
})

test('a start long after the last one, by the clock, lets what expires wait', async () => {
  using folder = temporary()
  const first = new Started(folder.path)
  await first.says(/is running/)
  await first.stop()
  assert.doesNotMatch(first.said, /waits for an hour/)
  const file = join(folder.path, 'audit-head.json')
  const head = JSON.parse(readFileSync(file, 'utf8'))
  assert.ok(Math.abs(Date.now() - Date.parse(head.at)) < 60_000)
  writeFileSync(file, JSON.stringify({ ...head, at: new Date(Date.parse(head.at) - 365 * 86_400_000).toISOString() }))
  const second = new Started(folder.path)
  await second.says(/"seconds":3153\d{4},.*what expires waits for an hour/)
  await second.says(/is running/)
  assert.deepEqual(await second.stop(), [0, null])
})

test('test mode says so loudly', async () => {
  using folder = temporary()
  const started = new Started(folder.path, { STEWARD_TEST_MODE: '1' })
  await started.says(/TEST MODE: all state is in memory and gone when this stops\./)
  await started.says(/may empty it \(POST \/test\/reset\)/)
  assert.deepEqual(await started.stop(), [0, null])
})

test('test mode enrols this machine anew at each start, and leaves the node of an installation alone', async () => {
  using folder = temporary()
  const configuration = (state: string) => join(folder.path, state, 'configuration.json')
  for (const state of ['agent', 'agent-test']) {
    mkdirSync(join(folder.path, state))
    writeFileSync(configuration(state), '{"nodeId":"mi-of-another-start"}')
  }
  const started = new Started(folder.path, { STEWARD_TEST_MODE: '1', STEWARD_LOCAL_NODE: 'on' })
  const [, nodeId] = await started.says(/managed node (mi-[0-9a-f]{17})\n/)
  assert.equal(JSON.parse(readFileSync(configuration('agent-test'), 'utf8')).nodeId, nodeId)
  assert.equal(readFileSync(configuration('agent'), 'utf8'), '{"nodeId":"mi-of-another-start"}')
  assert.deepEqual(await started.stop(), [0, null])
})

test('faults of the configuration are all said at once, and end the start', async () => {
  using folder = temporary()
  const started = new Started(folder.path, { STEWARD_HTTP: '0.0.0.0:80', STEWARD_ACCOUNT: 'me', STEWARD_REGION: '?' })
  assert.deepEqual(await started.exited, [1, null])
  assert.match(
    started.said,
    /could not start: The configuration has 3 faults:\n {2}STEWARD_HTTP: .*\n {2}STEWARD_ACCOUNT: .*\n {2}STEWARD_REGION: /,
  )
  assert.doesNotMatch(started.said, /\bat .*:\d+:\d+/, 'no stack')
})

test('a PostgreSQL that cannot be reached is told with the reason, and never with the password', async () => {
  using folder = temporary()
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  nobody.close()
  await once(nobody, 'close')
  for (const host of ['127.0.0.1', 'localhost']) {
    const url = `postgres://steward:tip-top@${host}:${port}/steward`
    const started = new Started(folder.path, { STEWARD_DATABASE_URL: url })
    assert.deepEqual(await started.exited, [1, null])
    assert.match(
      started.said,
      new RegExp(
        `could not start: The database could not be brought up to date\\.\n {2}connect ECONNREFUSED .*:${port}`,
      ),
    )
    assert.doesNotMatch(started.said, /tip-top|Try again/)
  }
  const strange = await notPostgres('no pg_hba.conf entry for tip-top')
  const started = new Started(folder.path, {
    STEWARD_DATABASE_URL: `postgres://u:tip-top@127.0.0.1:${strange.port}/db`,
  })
  assert.deepEqual(await started.exited, [1, null])
  strange.close()
  assert.match(started.said, /could not start: .*\n {2}no pg_hba\.conf entry for …\n/)
})

/** Answers every connection with an error of that message, as PostgreSQL would. */
async function notPostgres(message: string) {
  const fields = Buffer.from(`SFATAL\0C28000\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  const server = createServer((socket) =>
    socket.on('error', () => {}).once('data', () => socket.end(Buffer.concat([head, fields]))),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

test('a file of the data directory that is damaged ends the start with its name and how to go on', async () => {
  using folder = temporary()
  const whole = new Started(folder.path)
  await whole.says(/is running/)
  await whole.stop()
  const damaged: Record<string, RegExp> = {
    'root-key.json': /root-key\.json has no root key in it; npx steward root reset makes one\./,
    'credentials.key': /credentials\.key is damaged: .* remove it, and the next start makes another\./,
    'steward.db': /The database \S+steward\.db is damaged\. Restore it from a backup: .*\n {2}file is not a database/,
  }
  for (const [name, sentence] of Object.entries(damaged)) {
    const file = join(folder.path, name)
    const content = readFileSync(file)
    writeFileSync(file, 'x'.repeat(content.length).slice(0, 5_000))
    const server = new Started(folder.path)
    assert.deepEqual(await server.exited, [1, null], name)
    assert.match(server.said, sentence)
    writeFileSync(file, content)
  }
  const again = new Started(folder.path)
  await again.says(/is running/)
  await again.stop()
})

test('a data directory that cannot be made is told in a sentence', async () => {
  using folder = temporary()
  writeFileSync(join(folder.path, 'file'), '')
  const server = new Started(join(folder.path, 'file'))
  assert.deepEqual(await server.exited, [1, null])
  assert.match(
    server.said,
    /cannot keep data in \S+file\. Start as its owner, or choose another .* STEWARD_DATA\.\n {2}EEXIST/,
  )
})

test('a second server on the same data is refused; one that was killed leaves nothing in the way', async () => {
  using folder = temporary()
  const first = new Started(folder.path)
  await first.says(/is running/)
  const second = new Started(folder.path)
  assert.deepEqual(await second.exited, [1, null])
  assert.match(second.said, /Another Steward is running with the data directory/)
  assert.deepEqual(await first.stop('SIGKILL'), [null, 'SIGKILL'])
  const third = new Started(folder.path)
  await third.says(/is running/)
  assert.deepEqual(await third.stop(), [0, null])
})

test('a taken port is said in a sentence', async () => {
  using folder = temporary()
  using elsewhere = temporary()
  const first = new Started(folder.path)
  const [, address] = await first.says(/Address\s+http:\/\/(\S+)/)
  const second = new Started(elsewhere.path, { STEWARD_HTTP: address! })
  assert.deepEqual(await second.exited, [1, null])
  assert.match(second.said, /could not start: .* is already in use\. Is another Steward running\?/)
  await first.stop()
})
