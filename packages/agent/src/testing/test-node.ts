import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Agent, type AgentOptions, startAgent } from '#agent.ts'
import type { Log } from '#log.ts'
import { register } from '#server/registration.ts'
import { stateDirectory } from '#state-directory.ts'
import { fixture, StubServer } from '#testing/stub-server.ts'

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A stub server and a machine registered with it, whose agent a test starts and stops. Gone with `await using`. */
export class TestNode {
  readonly server: StubServer
  readonly state: string
  readonly lines: string[] = []
  #agent: Agent | undefined

  private constructor(server: StubServer, state: string) {
    this.server = server
    this.state = state
  }

  static async registered(tls = false): Promise<TestNode> {
    const server = await StubServer.start(tls)
    const node = new TestNode(server, await mkdtemp(join(tmpdir(), 'steward-agent-')))
    await register(stateDirectory(node.state), {
      url: server.url,
      region: 'us-east-1',
      activationId: '12345678-1234-1234-1234-123456789012',
      activationCode: 'activation-code-12345',
      ca: tls ? fixture('ca.pem') : undefined,
    })
    return node
  }

  /** A registered machine whose agent is connected. */
  static async connected(options: Partial<AgentOptions> = {}): Promise<TestNode> {
    const node = await TestNode.registered()
    try {
      await node.start(options)
    } catch (error) {
      await node[Symbol.asyncDispose]()
      throw error
    }
    return node
  }

  async start(options: Partial<AgentOptions> = {}): Promise<void> {
    const limits = { longestReconnectMs: 50, outputPollMs: 20, ...options.limits }
    const log = (message: string, fields?: object) => void this.lines.push(`${message} ${JSON.stringify(fields ?? {})}`)
    this.#agent = await startAgent({
      stateDirectory: this.state,
      log: { debug: log, info: log, warn: log, error: log },
      ...options,
      limits,
    })
    await this.server.untilConnected()
  }

  async stop(): Promise<void> {
    await this.#agent?.stop()
    this.#agent = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.endSessions()
    await this.stop()
    await this.server[Symbol.asyncDispose]()
    // A script may still be writing below it.
    await rm(this.state, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}
