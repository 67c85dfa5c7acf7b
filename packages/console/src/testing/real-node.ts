import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateActivationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { register, stateDirectory } from '@steward/agent'
import { eventually, type TestServer } from '@steward/testkit'

const AGENT = fileURLToPath(import.meta.resolve('@steward/agent/main.ts'))
/** A loaded machine takes its time to start a process. */
const STARTS_WITHIN_MS = 60_000

/** This machine as a node: the real agent, in a process of its own. */
export class RealNode implements AsyncDisposable {
  readonly id: string
  readonly #folder: string
  readonly #program: ChildProcess

  private constructor(id: string, folder: string, program: ChildProcess) {
    this.id = id
    this.#folder = folder
    this.#program = program
  }

  /** A node of that name that is online. */
  static async start(server: TestServer, name: string): Promise<RealNode> {
    const folder = mkdtempSync(join(tmpdir(), 'steward-node-'))
    const { ActivationId, ActivationCode } = await server
      .client(SSMClient)
      .send(new CreateActivationCommand({ IamRole: 'Node', DefaultInstanceName: name }))
    const { nodeId } = await register(stateDirectory(folder), {
      url: server.url,
      region: server.house.config.region,
      activationId: ActivationId!,
      activationCode: ActivationCode!,
    })
    const program = spawn(process.execPath, [AGENT, 'run', '--state', folder], { stdio: 'ignore' })
    await eventually(() => server.house.isConnected(nodeId), STARTS_WITHIN_MS)
    return new RealNode(nodeId, folder, program)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#program, 'exit')
    this.#program.kill('SIGKILL')
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
