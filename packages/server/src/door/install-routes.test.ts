import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { agentVersion } from '@steward/agent/version.ts'
import { silentLogger } from '#kernel/logger.ts'
import { type Installation, installRoutes } from './install-routes.ts'
import { type Listener, listen } from './listener.ts'

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

const installation: Installation = {
  tls: { caPem: CA, publicKeyPin: 'cGlu' },
  https: { host: '0.0.0.0', port: 8471 },
  hostnames: ['steward.example'],
  region: 'eu-test-1',
}

let folder: string
let listener: Listener
let url: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-install-'))
  const routes = [installRoutes(join(folder, 'agent.mjs'), () => installation)]
  const address = { host: '127.0.0.1', port: 0 }
  listener = await listen({ address, tls: undefined, routes, upgrade: () => {}, log: silentLogger })
  url = `http://127.0.0.1:${listener.address.port}`
})

after(async () => {
  await listener.stop()
  rmSync(folder, { recursive: true })
})

test('HYB-15 the installer is a valid script that knows its server and the hash of the agent it fetches', async () => {
  const script = await (await fetch(`${url}/install/agent.sh`)).text()
  const agent = await (await fetch(`${url}/install/agent.mjs`)).bytes()
  assert.equal(shell(script, '-n').stderr, '')
  assert.match(script, new RegExp(`^url='${url}'$`, 'm'))
  assert.match(script, /^region='eu-test-1'$/m)
  assert.match(script, new RegExp(`^bundle_sha256='${hash('sha256', agent)}'$`, 'm'))
  assert.doesNotMatch(script, /@[A-Z_]+@/)
})

test('HYB-15 the installer says what it wants when it is called without an activation', async () => {
  const script = await (await fetch(`${url}/install/agent.sh`)).text()
  const { status, stderr } = shell(script)
  assert.equal(status, 1)
  assert.match(stderr, /--activation-id and --activation-code are needed/)
})

test('HYB-15 the agent that is served runs', async () => {
  const file = join(folder, 'served.mjs')
  writeFileSync(file, await (await fetch(`${url}/install/agent.mjs`)).bytes())
  const { stdout } = spawnSync(process.execPath, [file, '--version'], { encoding: 'utf8' })
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test('AGT-14 agents that are updated are told which version is served, and what its file hashes to', async () => {
  const agent = await (await fetch(`${url}/install/agent.mjs`)).bytes()
  const served = (await (await fetch(`${url}/install/agent.json`)).json()) as { version: string }
  assert.deepEqual(served, { version: agentVersion, sha256: hash('sha256', agent) })
  writeFileSync(join(folder, 'served.mjs'), agent)
  const { stdout } = spawnSync(process.execPath, [join(folder, 'served.mjs'), '--version'], { encoding: 'utf8' })
  assert.equal(stdout.trim(), served.version)
})

test('HYB-15 the runtime of this platform is streamed, with the hash that the installer expects', async (t) => {
  const platform = `${process.platform}-${process.arch}`
  const script = await (await fetch(`${url}/install/agent.sh`)).text()
  const expected = new RegExp(`${platform}\\) echo ([0-9a-f]{64}) ;;`).exec(script)?.[1]
  if (!expected) return t.skip(`npm has no Node package for ${platform}`)
  const response = await fetch(`${url}/install/runtime/${platform}`)
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of response.body!) {
    digest.update(chunk)
    bytes += chunk.length
  }
  assert.equal(digest.digest('hex'), expected)
  assert.equal(String(bytes), response.headers.get('content-length'))
})

test('a platform that the server has no runtime for is answered with a sentence', async () => {
  const response = await fetch(`${url}/install/runtime/plan9-mips`)
  assert.equal(response.status, 404)
  assert.match(await response.text(), /^This server has no Node runtime for this platform\. It has: /)
})

test('a caller that goes away in the middle of a runtime does no harm', async (t) => {
  const going = new AbortController()
  const response = await fetch(`${url}/install/runtime/${process.platform}-${process.arch}`, { signal: going.signal })
  if (response.status === 404) return t.skip('npm has no Node package for this platform')
  await response.body!.getReader().read()
  going.abort()
  assert.equal((await fetch(`${url}/install/ca.pem`)).status, 200)
})

test('the authority is served, and where the TLS listener is', async () => {
  assert.equal(await (await fetch(`${url}/install/ca.pem`)).text(), CA)
  assert.deepEqual(await (await fetch(`${url}/install/listener.json`)).json(), {
    https: { host: '0.0.0.0', port: 8471 },
    publicKeyPin: 'sha256//cGlu',
    hostnames: ['steward.example'],
    region: 'eu-test-1',
  })
})

test('a Host header cannot bring anything else than a name into the script', async () => {
  const routes = installRoutes(join(folder, 'agent.mjs'), () => installation)
  for (const host of ["a'; reboot; '", 'a/b', 'a b', '$(reboot)', '', 'a:b', '-x', undefined]) {
    const request = { method: 'GET', path: '/install/agent.sh', query: '', headers: { host }, body: Buffer.alloc(0) }
    const signal = new AbortController().signal
    const response = await routes({ ...request, sourceIp: '', secure: true, signal })
    assert.equal(response?.status, 400, `Host: ${host}`)
  }
})

test('over TLS the script carries the authority, without TLS none', async () => {
  const routes = installRoutes(join(folder, 'agent.mjs'), () => installation)
  const ask = async (secure: boolean) => {
    const headers = { host: '[2001:db8::1]:8471' }
    const request = { method: 'GET', path: '/install/agent.sh', query: '', headers, body: Buffer.alloc(0), secure }
    const response = await routes({ ...request, sourceIp: '', signal: new AbortController().signal })
    return String(response?.body)
  }
  assert.ok((await ask(true)).includes(`cat <<'PEM'\n${CA}PEM\n`))
  assert.match(await ask(true), /^url='https:\/\/\[2001:db8::1\]:8471'$/m)
  assert.ok((await ask(false)).includes("cat <<'PEM'\n\nPEM\n"))
})

test('the template has no mark that is not filled in', () => {
  const template = readFileSync(new URL('./install/agent.sh', import.meta.url), 'utf8')
  const marks = new Set([...template.matchAll(/@[A-Z0-9_]+@/g)].map(([mark]) => mark))
  assert.deepEqual([...marks].sort(), ['@BUNDLE_SHA256@', '@CA@', '@OLDEST_NODE@', '@REGION@', '@RUNTIMES@', '@URL@'])
})

/** Runs a script as `curl … | sh` does, far from the real home. */
function shell(script: string, ...options: string[]) {
  return spawnSync('sh', options.length > 0 ? options : ['-s'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder },
  })
}
