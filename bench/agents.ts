/**
 * Our agents as operators run them: the bundle that the server hands out, a process and a state directory each, with TLS where the
 * server has it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { register, stateDirectory } from '@steward/agent'
import { call } from './api.ts'
import { region, type Steward } from './steward.ts'

export const AGENTS_TAG = { Key: 'bench', Value: 'agents' }
/** Making keys is the slow part of registering, and there are two cores. */
const REGISTERING_AT_ONCE = 2

export class Agents implements AsyncDisposable {
  readonly nodeIds: string[] = []
  readonly #steward: Steward
  readonly #directory = mkdtempSync(join(tmpdir(), 'steward-bench-agents-'))
  readonly #children: ChildProcess[] = []

  constructor(steward: Steward) {
    this.#steward = steward
  }

  get pids(): number[] {
    return this.#children.map(({ pid }) => pid!)
  }

  /** Registers and starts agents until there are `count`; resolves once all are connected. */
  async growTo(count: number): Promise<void> {
    const bundle = await this.#bundle()
    const { ActivationId, ActivationCode } = await call(this.#steward.url, 'CreateActivation', {
      IamRole: 'BenchAgent',
      RegistrationLimit: count,
      Tags: [AGENTS_TAG],
    })
    let next = this.nodeIds.length
    const startSome = async () => {
      while (next < count) await this.#start(next++, bundle, ActivationId!, ActivationCode!)
    }
    await Promise.all(Array.from({ length: REGISTERING_AT_ONCE }, startSome))
    await this.#online(count)
  }

  async #bundle(): Promise<string> {
    const response = await fetch(`${this.#steward.url}/install/agent.mjs`)
    if (!response.ok) throw new Error(`The server has no agent: ${await response.text()}`)
    const file = join(this.#directory, 'agent.mjs')
    writeFileSync(file, await response.text())
    return file
  }

  async #start(index: number, bundle: string, activationId: string, activationCode: string): Promise<void> {
    const state = join(this.#directory, String(index))
    const { url, secureUrl, data } = this.#steward
    const address = secureUrl ? { url: secureUrl, ca: readFileSync(join(data, 'ca.pem'), 'utf8') } : { url }
    const { nodeId } = await register(stateDirectory(state), { ...address, region, activationId, activationCode })
    this.nodeIds.push(nodeId)
    this.#children.push(spawn(process.execPath, [bundle, 'run', '--state', state], { stdio: 'ignore' }))
  }

  async #online(count: number): Promise<void> {
    const filters = [{ Key: `tag:${AGENTS_TAG.Key}`, Values: [AGENTS_TAG.Value] }]
    let online = 0
    while (online < count) {
      online = 0
      let token: string | undefined
      do {
        const input = { Filters: filters, MaxResults: 50, NextToken: token }
        const page = await call(this.#steward.url, 'DescribeInstanceInformation', input)
        online += (page.InstanceInformationList ?? []).filter(({ PingStatus }) => PingStatus === 'Online').length
        token = page.NextToken
      } while (token)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exits = this.#children.map((child) => once(child, 'exit'))
    for (const child of this.#children) child.kill('SIGTERM')
    await Promise.all(exits)
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
