import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

  constructor(data: string, env: Record<string, string> = {}) {
    const fixed = { STEWARD_DATA: data, STEWARD_HTTP: '127.0.0.1:0', STEWARD_HTTPS: 'off', STEWARD_LOCAL_NODE: 'off' }
    this.child = spawn(process.execPath, [MAIN], {
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

test('test mode says so loudly', async () => {
  using folder = temporary()
  const started = new Started(folder.path, { STEWARD_TEST_MODE: '1' })
  await started.says(/TEST MODE: all state is in memory and gone when this stops\./)
  await started.says(/may empty it \(POST \/test\/reset\)/)
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
