import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AgentProcess } from '#testing/agent-process.ts'
import { TestNode } from '#testing/test-node.ts'

const source = import.meta.dirname
const hasProc = process.platform === 'linux'
/** Beyond a Node that has nothing to do, which depends on the machine (40 to 43 MB). An agent that has run a command has 17; with compilers 22. */
const mostBeyondNodeMb = 19

/** The files and packages that are loaded with a file: its imports, but not those of types or by `import()`. */
function loadedWith(path: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded
  loaded.add(path)
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)(?! type)\b[^;'"]*?from '([^']+)'/gm)) {
    if (name!.startsWith('#')) loadedWith(join(source, name!.slice(1)), loaded)
    else if (name!.startsWith('.')) loadedWith(resolve(dirname(path), name!), loaded)
    else loaded.add(name!)
  }
  return loaded
}

test('AGT-20 an idle agent has loaded nothing that only work needs', () => {
  const loaded = [...loadedWith(join(source, 'cli/run.ts'))].map((path) => relative(source, path))
  assert.ok(loaded.includes('agent.ts') && loaded.includes('commands/commands.ts'))
  const heavy = /^(sessions|inventory|outputs)\/|^associations\/(?!association\.ts)|schedule|yaml|node-pty/
  assert.deepEqual(
    loaded.filter((path) => heavy.test(path)),
    [],
  )
})

test('AGT-20 an idle agent has loaded no module of Node’s that only work needs', async (t) => {
  const tell = `process.on('exit',()=>process._rawDebug(process.moduleLoadList.join()))`
  t.after(() => delete process.env.NODE_OPTIONS)
  await using node = await TestNode.registered(true)
  const program = await bundle(node)
  process.env.NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(tell)}`
  await using agent = await AgentProcess.start(node, program)
  await agent.end('SIGTERM')
  const loaded = [...agent.log.matchAll(/NativeModule ([^,\s]+)/g)].map(([, name]) => name!)
  assert.ok(loaded.includes('https'), agent.log)
  const heavy = /^(zlib|worker_threads|http2|dns\/promises|internal\/(util\/diff|deps\/undici\/.*|zip))$/
  assert.deepEqual(
    loaded.filter((name) => heavy.test(name)),
    [],
  )
})

test('AGT-20 an idle agent, connected with TLS, is little more than an idle Node', async (t) => {
  if (!hasProc) return t.skip('there is no /proc')
  await using node = await TestNode.registered(true)
  await using agent = await AgentProcess.start(node, await bundle(node))
  await node.server.final(node.server.sendScript('true'))
  using bare = await bareNode()
  const beyond = () => residentMb(agent.pid) - residentMb(bare.pid)
  // Node clears up when nothing has happened for a while.
  for (let waits = 0; beyond() > mostBeyondNodeMb && waits < 600; waits += 1) await sleep(100)
  assert.ok(beyond() <= mostBeyondNodeMb, `${residentMb(agent.pid)} MB, of which Node ${residentMb(bare.pid)}`)
})

test('AGT-20 an agent that runs has begun again as a small process; its scripts have the environment that it was given', async (t) => {
  if (!hasProc) return t.skip('there is no /proc')
  t.after(() => delete process.env.MALLOC_ARENA_MAX)
  for (const given of [undefined, '3']) {
    if (given) process.env.MALLOC_ARENA_MAX = given
    await using node = await TestNode.registered()
    await using agent = await AgentProcess.start(node, await bundle(node))
    assert.match(readFileSync(`/proc/${agent.pid}/cmdline`, 'utf8'), /\0--jitless\0/)
    assert.match(readFileSync(`/proc/${agent.pid}/environ`, 'utf8'), /(^|\0)MALLOC_ARENA_MAX=1\0/)
    const command = node.server.sendScript('env')
    const { standardOutput } = (await node.server.final(command)).steps.run!
    assert.deepEqual(standardOutput.match(/^.*MALLOC.*$/gm), given ? [`MALLOC_ARENA_MAX=${given}`] : null)
  }
})

test('AGT-20 where Node does not know its own file, as without /proc, the agent runs as it was started', async (t) => {
  t.after(() => delete process.env.NODE_OPTIONS)
  await using node = await TestNode.registered()
  const program = await bundle(node)
  process.env.NODE_OPTIONS = "--import=data:text/javascript,process.execPath='node';process.execve=()=>process.abort()"
  await using agent = await AgentProcess.start(node, program)
  delete process.env.NODE_OPTIONS
  assert.equal(await agent.end('SIGTERM'), 0)
})

/** The agent as machines get it. */
async function bundle(node: TestNode): Promise<string> {
  const builder = new URL('../build.mjs', import.meta.url)
  const { buildAgent } = (await import(builder.href)) as { buildAgent(outfile: string): Promise<string> }
  return buildAgent(join(node.state, 'agent.mjs'))
}

/** A Node that has started and has nothing to do. */
async function bareNode(): Promise<{ pid: number } & Disposable> {
  const wait = 'process.stdout.write("."); setInterval(() => {}, 1e6)'
  const child = spawn(process.execPath, ['-e', wait], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return { pid: child.pid!, [Symbol.dispose]: () => child.kill() }
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
