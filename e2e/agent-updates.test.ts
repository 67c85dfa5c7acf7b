/** An agent that was installed some time ago, and a control plane that has a newer one. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  CreateActivationCommand,
  DescribeInstanceAssociationsStatusCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type InstanceInformation,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { agentVersion, register, stateDirectory } from '@steward/agent'
import { eventually, startServer, type TestServer } from '@steward/testkit'
import { start } from './pasted-line.ts'

const STEWARD = fileURLToPath(new URL('../packages/cli/bin/steward.mjs', import.meta.url))
const OLD = '0.0.1'

test('AGT-14 AGT-15 with auto-update on, an old agent becomes the one that the control plane serves', async () => {
  await using server = await startServer({ https: true })
  await using old = await OldAgent.start(server)
  await old.until(({ AgentVersion }) => AgentVersion === OLD)
  assert.equal((await old.information()).IsLatestVersion, false, 'no node runs a newer one, but the server has it')

  assert.match(await steward(server, 'node', 'auto-update', 'on'), /every 14 days/)
  await old.until(({ AgentVersion }) => AgentVersion === agentVersion)
  assert.equal((await old.information()).IsLatestVersion, true)
  await eventually(async () => {
    const status = new DescribeInstanceAssociationsStatusCommand({ InstanceId: old.id })
    const [{ Status, ExecutionSummary } = {}] = (await old.ssm.send(status)).InstanceAssociationStatusInfos ?? []
    assert.notEqual(Status, 'Failed', ExecutionSummary ?? '')
    return Status === 'Success'
  })
  assert.match(await steward(server, 'node', 'auto-update', 'status'), /, 1 Success \(/)

  const again = await old.update()
  assert.deepEqual(
    [again.Status, again.StandardOutputContent],
    ['Success', `steward-agent ${agentVersion} is up to date`],
  )
  const other = await old.update({ version: ['7.7.7'] })
  assert.equal(other.Status, 'Failed')
  assert.match(other.StandardErrorContent!, /serves steward-agent .* and no other version, so not 7\.7\.7/)
  assert.match(await steward(server, 'node', 'auto-update', 'off'), /any more/)
})

/** A machine whose agent, one file as the installer leaves it, says that it is of an old version. */
class OldAgent implements AsyncDisposable {
  readonly ssm: SSMClient
  readonly id: string
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(ssm: SSMClient, id: string, folder: string, child: ChildProcess) {
    this.ssm = ssm
    this.id = id
    this.#folder = folder
    this.#child = child
  }

  static async start(server: TestServer): Promise<OldAgent> {
    const ssm = server.client(SSMClient)
    const folder = mkdtempSync(join(tmpdir(), 'steward-old-agent-'))
    const url = `https://127.0.0.1:${server.house.https!.port}`
    const served = async (name: string) => (await fetch(`${server.url}/install/${name}`)).text()
    const [bundle, ca] = [await served('agent.mjs'), await served('ca.pem')]
    const program = join(folder, 'agent.mjs')
    writeFileSync(program, bundle.replace(`version:"${agentVersion}"`, `version:"${OLD}"`))
    const { ActivationId, ActivationCode } = await ssm.send(new CreateActivationCommand({ IamRole: 'ServiceRole' }))
    const activation = { activationId: ActivationId!, activationCode: ActivationCode! }
    const state = join(folder, 'state')
    const { nodeId } = await register(stateDirectory(state), { url, region: 'us-east-1', ca, ...activation })
    const child = spawn(process.execPath, [program, 'run', '--state', state], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return new OldAgent(ssm, nodeId, folder, child)
  }

  async information(): Promise<InstanceInformation> {
    const Filters = [{ Key: 'InstanceIds', Values: [this.id] }]
    return (await this.ssm.send(new DescribeInstanceInformationCommand({ Filters }))).InstanceInformationList?.[0] ?? {}
  }

  async until(holds: (information: InstanceInformation) => boolean): Promise<void> {
    await eventually(async () => {
      const information = await this.information()
      return information.PingStatus === 'Online' && holds(information)
    })
  }

  /** How AWS-UpdateSSMAgent ended. */
  async update(Parameters: Record<string, string[]> = {}) {
    const sent = await this.ssm.send(
      new SendCommandCommand({ DocumentName: 'AWS-UpdateSSMAgent', InstanceIds: [this.id], Parameters }),
    )
    const which = { CommandId: sent.Command!.CommandId, InstanceId: this.id }
    const get = () => this.ssm.send(new GetCommandInvocationCommand(which))
    await eventually(async () => !['Pending', 'InProgress', 'Delayed'].includes((await get()).Status!))
    return get()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (this.#child.kill('SIGTERM')) await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function steward(server: TestServer, ...words: string[]): Promise<string> {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key }
  const { code, out, err } = await start(process.execPath, [STEWARD, ...words], { env })
  assert.equal(code, 0, err)
  return out
}
