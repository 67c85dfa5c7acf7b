import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject, Reply } from '@steward/protocol'
import { verdictOn } from '#cli/succession.ts'
import { compareVersions } from '#plugins/update-ssm-agent/compare-versions.ts'
import { processIdentity } from '#scripts/processes.ts'
import { AgentProcess } from '#testing/agent-process.ts'
import type { SentCommand } from '#testing/stub-server.ts'
import { TestNode } from '#testing/test-node.ts'
import { agentVersion } from '#version.ts'

const newer = '99.0.0'
/** Two more programs start until then. */
const patienceMs = 60_000
let folder: string
let bundle: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-update-'))
  const builder = new URL('../../../build.mjs', import.meta.url)
  const { buildAgent } = (await import(builder.href)) as { buildAgent(outfile: string): Promise<string> }
  bundle = await readFile(await buildAgent(join(folder, 'agent.mjs')), 'utf8')
})

after(() => rm(folder, { recursive: true }))

/** The agent as one file that says it is of that version. */
function bundleOf(version: string): string {
  const other = bundle.replace(/version:"[\d.]+"/, `version:"${version}"`)
  assert.notEqual(other, bundle)
  return other
}

/** A registered machine with the agent as an installer leaves it. */
async function installed() {
  const node = await TestNode.registered()
  const program = join(node.state, 'home.mjs')
  await writeFile(program, bundle)
  return { node, program, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

/** What AWS-UpdateSSMAgent is to an agent, with a step before and after. */
function updateDocument(inputs: JsonObject, more: { before?: string; after?: string } = {}): JsonObject {
  const script = (name: string, line = 'true') => ({
    action: 'aws:runShellScript',
    name,
    inputs: { runCommand: [line] },
  })
  const update = { action: 'aws:updateSsmAgent', name: 'update', inputs: { agentName: 'amazon-ssm-agent', ...inputs } }
  return { schemaVersion: '2.2', mainSteps: [script('before', more.before), update, script('after', more.after)] }
}

const wanted = (targetVersion = '', allowDowngrade = 'false'): JsonObject => ({ targetVersion, allowDowngrade })

/** The last word about every step. */
async function steps(node: TestNode, command: SentCommand): Promise<Reply['steps']> {
  await node.server.final(command, patienceMs)
  return Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps))
}

/** How the update step ended. */
async function update(node: TestNode, inputs: JsonObject): Promise<string> {
  const { update } = await steps(node, node.server.send(updateDocument(inputs)))
  return `${update!.status}: ${update!.status === 'Success' ? update!.standardOutput : update!.standardError}`
}

const versionNow = ({ server }: TestNode) =>
  server.calls.findLast(({ operation }) => operation === 'UpdateInstanceInformation')?.input.AgentVersion

test('AGT-14 the version that the server serves takes over, and ends the command that the former one began', async () => {
  await using place = await installed()
  const { node, program } = place
  node.server.served = { version: newer, program: bundleOf(newer) }
  await using agent = await AgentProcess.start(node, program)
  const { pid } = agent
  const gate = join(node.state, 'gate')
  const meanwhile = node.server.sendScript(`echo x >> ${gate}-ran; until [ -e ${gate} ]; do sleep 0.05; done; echo on`)
  await node.server.until('the script', () => existsSync(`${gate}-ran`) || node.server.repliesOf(meanwhile).length > 0)
  const ran = join(node.state, 'ran')
  const command = node.server.send(
    updateDocument(wanted(), { before: `echo before >> ${ran}`, after: `echo after >> ${ran}` }),
  )
  const { update } = await steps(node, command)
  assert.deepEqual(
    [update!.status, update!.standardOutput],
    ['Success', `steward-agent was updated from ${agentVersion} to ${newer}`],
  )
  assert.equal(await readFile(ran, 'utf8'), 'before\nafter\n')
  await node.server.until('the new version', () => versionNow(node) === newer, patienceMs)
  assert.equal(agent.pid, pid)
  process.kill(pid, 0)
  await writeFile(gate, '')
  assert.equal((await node.server.final(meanwhile)).steps.run!.standardOutput, 'on\n')
  assert.equal(await readFile(`${gate}-ran`, 'utf8'), 'x\n')
  assert.equal(await readFile(program, 'utf8'), bundleOf(newer))
  assert.equal(await readFile(`${program}.former`, 'utf8'), bundle)
  assert.ok(!existsSync(`${program}.next`))
})

test('AGT-14 a version that does not come up changes nothing, and the command says why it failed', async () => {
  await using place = await installed()
  const { node, program } = place
  const broken = `if (process.argv.includes('--version')) console.log('${newer}')\nelse process.exit(3)\n`
  node.server.served = { version: newer, program: broken }
  await using _agent = await AgentProcess.start(node, program)
  const before = node.server.upgradeHeaders
  assert.equal(
    await update(node, wanted()),
    `Failed: steward-agent could not be updated from ${agentVersion} to ${newer}, and ${agentVersion} goes on: it ended with exit code 3 before it was connected`,
  )
  assert.notEqual(node.server.upgradeHeaders, before, 'it has begun anew')
  assert.equal(await readFile(program, 'utf8'), bundle)
  assert.ok(!existsSync(`${program}.next`))
  assert.equal((await node.server.final(node.server.sendScript('echo on'))).steps.run!.standardOutput, 'on\n')
})

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`AGT-14 an agent that ends by ${signal} while it tries another version does not try it again`, async () => {
    await using place = await installed()
    const { node, program } = place
    node.server.served = { version: newer, program: bundleOf(newer) }
    let command: SentCommand
    let onTrial: number | undefined
    {
      await using agent = await AgentProcess.start(node, program)
      node.server.refuseChannels = true
      command = node.server.send(updateDocument(wanted()))
      assert.equal(await otherOwner(node, agent.pid), undefined)
      onTrial = await otherOwner(node, undefined)
      await agent.end(signal)
    }
    // It ends too.
    while (processIdentity(onTrial!) !== undefined) await sleep(10)
    node.server.refuseChannels = false
    await using _again = await AgentProcess.start(node, program)
    const { update } = await steps(node, command)
    assert.match(update!.standardError, /goes on: the agent was stopped while the new version was tried$/)
    assert.equal(await readFile(program, 'utf8'), bundle)
  })
}

test('AGT-14 only what the server serves is installed, and an earlier version only if it may be', async () => {
  await using place = await installed()
  const { node, program } = place
  const served = { version: '0.0.1', program: bundleOf('0.0.1') }
  node.server.served = served
  await using _agent = await AgentProcess.start(node, program)
  assert.match(
    await update(node, wanted('7.0.0')),
    /^Failed: the control plane serves steward-agent 0\.0\.1 and no other/,
  )
  assert.match(await update(node, wanted()), /^Failed: steward-agent .* is newer than 0\.0\.1; .* allowDowngrade/)
  assert.equal(await update(node, wanted(agentVersion)), `Success: steward-agent ${agentVersion} is up to date`)
  node.server.served = { ...served, sha256: '0'.repeat(64) }
  assert.match(await update(node, wanted('', 'true')), /^Failed: what was downloaded is not 0\.0\.1: its SHA-256 is/)
  node.server.served = { ...served, version: '0.0.2' }
  assert.match(
    await update(node, wanted('', 'true')),
    /^Failed: what was downloaded says that it is 0\.0\.1, not 0\.0\.2/,
  )
  node.server.served = { version: newer, program: 'this is no program' }
  assert.match(await update(node, wanted()), /^Failed: what was downloaded does not run with Node/)
  node.server.served = undefined
  assert.match(await update(node, wanted()), /^Failed: the control plane serves no agent/)
  assert.equal(await readFile(program, 'utf8'), bundle)
  node.server.served = served
  assert.equal(
    await update(node, wanted('0.0.1', 'true')),
    `Success: steward-agent was updated from ${agentVersion} to 0.0.1`,
  )
  assert.equal(await update(node, wanted('0.0.1')), 'Success: steward-agent 0.0.1 is up to date')
})

test('AGT-14 an agent that others provide says so, unless it is up to date', async () => {
  await using place = await installed()
  const { node, program } = place
  const refused = async () => {
    node.server.served = { version: agentVersion, program: bundle }
    assert.match(await update(node, wanted()), /^Success: .* is up to date$/)
    node.server.served = { version: newer, program: bundleOf(newer) }
    return update(node, wanted())
  }
  {
    await using _agent = await AgentProcess.start(node)
    assert.match(await refused(), /^Failed: .* it runs from a checkout of the source and is updated with that$/)
  }
  node.server.disconnect()
  {
    await using _agent = await AgentProcess.start(node, program, '--no-updates')
    assert.match(await refused(), /^Failed: .* it was started with --no-updates, by what provides its version$/)
  }
  node.server.disconnect()
  await node.start()
  assert.match(await refused(), /^Failed: .* it is part of another program and is updated with that$/)
})

test('AGT-14 a version that neither connects nor ends is ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  assert.equal(await verdictOn(child, 100), 'it did not connect within 0.1 s')
  assert.equal(child.signalCode, 'SIGTERM')
})

test('versions are compared number by number', () => {
  const ordered = ['0.9.0', '0.10.0', '0.10.0.1', '1.0', '1.0.1', '10.0.0']
  assert.deepEqual([...ordered].reverse().sort(compareVersions), ordered)
  assert.equal(compareVersions('1.0', '1.0.0'), 0)
})

/** Waits until the state directory belongs to another process, or to none; answers its id. */
async function otherOwner({ state }: TestNode, than: number | undefined): Promise<number | undefined> {
  for (;;) {
    const lock = await readFile(join(state, 'agent.lock'), 'utf8').catch(() => undefined)
    const pid = lock === undefined ? undefined : Number.parseInt(lock, 10)
    if (pid !== than && !Number.isNaN(pid)) return pid
    await sleep(10)
  }
}
