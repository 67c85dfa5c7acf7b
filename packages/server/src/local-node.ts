/**
 * The first managed node: this machine. Registers our agent once, through the public API like any other machine, and runs it as
 * a child process, again whenever it ends. Its state is under the data directory, so it is the same node at every start.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleAgent } from '#door/install/agent-bundle.ts'
import type { House } from './house.ts'
import { KeptProcess } from './kept-process.ts'
import { callAsRoot, ownUrl } from './own-call.ts'

const ONLINE_WITHIN_MS = 30_000
const STOPS_WITHIN_MS = 5_000
/** A small nursery for young objects: an agent is idle nearly always, and memory counts more than throughput. */
const NODE_FLAGS = ['--max-semi-space-size=1']

export interface LocalNode {
  readonly id: string
  stop(): Promise<void>
}

/** Resolves once the node is connected. */
export async function startLocalNode(house: House, step: (text: string) => void): Promise<LocalNode> {
  const { testMode, data } = house.config
  const state = join(data, testMode ? 'agent-test' : 'agent')
  const url = ownUrl(house)
  // One file, as other machines get it: from source it would take about 40 MB more.
  const agent = join(data, 'agent.mjs')
  step('building the agent')
  await bundleAgent(agent)
  await endOrphan(agent, join(state, 'agent.lock'))
  // Test mode has forgotten every node.
  if (testMode) rmSync(state, { recursive: true, force: true })
  mkdirSync(state, { recursive: true, mode: 0o700 })
  if (!existsSync(join(state, 'configuration.json'))) {
    step('enrolling this machine as the first managed node')
    await register(house, agent, url, state)
  }
  step('starting the agent')
  const logFile = join(state, 'agent.log')
  // Its file is made of the checkout again at every start.
  const command = [process.execPath, ...NODE_FLAGS, agent, 'run', '--state', state, '--no-updates']
  const kept = new KeptProcess(command, logFile, (how) => step(`the agent ended (${how}); starting it again`))
  try {
    await online(house, nodeId(state), kept)
  } catch (error) {
    await kept.stop()
    throw new Error(`the agent did not connect; its log is ${logFile}`, { cause: error })
  }
  return { id: nodeId(state), stop: () => kept.stop() }
}

async function register(house: House, agent: string, url: string, state: string): Promise<void> {
  const activation = await createActivation(house)
  const args = ['register', '--url', url, '--region', house.config.region, '--state', state]
  const secrets = ['--activation-id', activation.ActivationId, '--activation-code', activation.ActivationCode]
  await promisify(execFile)(process.execPath, [agent, ...args, ...secrets])
}

function createActivation(house: House): Promise<{ ActivationId: string; ActivationCode: string }> {
  return callAsRoot(house, 'ssm', 'AmazonSSM.CreateActivation', {
    IamRole: 'StewardManagedNode',
    DefaultInstanceName: hostname().slice(0, 256),
    Description: 'The machine that the control plane runs on',
  })
}

/** A server that was killed leaves its agent behind. Scripts that it runs go on: the next agent takes them over. */
async function endOrphan(agent: string, lockFile: string): Promise<void> {
  const pid = existsSync(lockFile) ? Number.parseInt(readFileSync(lockFile, 'utf8'), 10) : Number.NaN
  if (!Number.isInteger(pid) || !isOurAgent(agent, pid)) return
  process.kill(pid, 'SIGTERM')
  const until = Date.now() + STOPS_WITHIN_MS
  while (isOurAgent(agent, pid)) {
    if (Date.now() > until) process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Whether the process lives and is an agent: process ids are used again. */
function isOurAgent(agent: string, pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const commandLine = `/proc/${pid}/cmdline`
  return (
    !existsSync('/proc/self/cmdline') || (existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(agent))
  )
}

async function online(house: House, id: string, kept: KeptProcess): Promise<void> {
  const until = Date.now() + ONLINE_WITHIN_MS
  while (!house.isConnected(id)) {
    if (kept.end !== undefined) throw new Error(`The agent ended: ${kept.end}.`)
    if (Date.now() > until) throw new Error(`The agent was not connected within ${ONLINE_WITHIN_MS / 1000} s.`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function nodeId(state: string): string {
  return String((JSON.parse(readFileSync(join(state, 'configuration.json'), 'utf8')) as { nodeId: unknown }).nodeId)
}
