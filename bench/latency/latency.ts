/**
 * How long it takes until a result is there: on one node, beside what starting a shell takes; on ten, beside `ssh`; on a hundred, beside
 * `ansible`. Real agents, one process each, all on this machine. Rounds alternate.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AGENTS_TAG, Agents } from '../agents.ts'
import { call, callUntil, commandEnded } from '../api.ts'
import { type Measurement, median, number, percentile, type Row } from '../report.ts'
import { Steward } from '../steward.ts'
import { findTool } from '../tool.ts'
import { SshHosts } from './ssh-hosts.ts'

const SENDS = 200
const SSH_ROUNDS = 7
const ANSIBLE_ROUNDS = 3
/** More at once only makes it slower on a few cores. */
const ANSIBLE_FORKS = 10

export const latencyMeasurement: Measurement = {
  title: 'From send to result',
  async run(say) {
    await using steward = await Steward.start()
    await using agents = new Agents(steward)
    say(`${SENDS} commands to one node`)
    await agents.growTo(1)
    const rows = [await oneNode(steward, agents.nodeIds[0]!)]
    await using hosts = await SshHosts.start(100)
    if (!hosts) return [...rows, missing('ten nodes beside ssh', 'sshd'), missing('a hundred beside ansible', 'sshd')]
    say('ten nodes, beside ssh')
    await agents.growTo(10)
    rows.push(...(await tenNodes(steward, hosts)))
    const ansible = findTool('ansible')
    if (!ansible) return [...rows, missing('a hundred nodes beside ansible', 'ansible')]
    say('starting a hundred agents')
    await agents.growTo(100)
    say('a hundred nodes, beside ansible')
    rows.push(await hundredNodes(steward, hosts, ansible))
    return rows
  },
}

async function oneNode({ url }: Steward, nodeId: string): Promise<Row> {
  const sends: number[] = []
  const shells: number[] = []
  for (let send = 0; send < SENDS; send++) {
    sends.push(await timed(() => runOn(url, nodeId)))
    shells.push(await timed(() => once(spawn('sh', ['-c', 'true'], { stdio: 'ignore' }), 'close')))
  }
  const over = median(sends) - median(shells)
  return {
    what: 'one node: median over what `sh -c true` takes by itself',
    steward: `${number(over, 1)} ms (p50 ${number(median(sends), 1)}, p99 ${number(percentile(sends, 99), 1)})`,
    beside: `sh: p50 ${number(median(shells), 1)} ms, p99 ${number(percentile(shells, 99), 1)}`,
    ratio: '',
    target: '≤ 30 ms',
    met: over <= 30,
  }
}

async function runOn(url: string, nodeId: string): Promise<void> {
  const input = { DocumentName: 'AWS-RunShellScript', InstanceIds: [nodeId], Parameters: { commands: ['true'] } }
  const { Command } = await call(url, 'SendCommand', input)
  const result = { CommandId: Command!.CommandId!, InstanceId: nodeId }
  const unfinished = ['Pending', 'InProgress', 'Delayed']
  const wanted = { everyMs: 2 }
  await callUntil(url, 'GetCommandInvocation', result, ({ Status }) => !unfinished.includes(Status!), wanted)
}

async function tenNodes(steward: Steward, hosts: SshHosts): Promise<Row[]> {
  const addresses = hosts.addresses.slice(0, 10)
  const ssh = (address: string) => promisify(execFile)('ssh', [...hosts.options, address, 'uptime'])
  const ours: number[] = []
  const loop: number[] = []
  const together: number[] = []
  for (let round = 0; round < SSH_ROUNDS; round++) {
    ours.push(await timed(() => runOnAll(steward.url, 10)))
    loop.push(
      await timed(async () => {
        for (const address of addresses) await ssh(address)
      }),
    )
    together.push(await timed(() => Promise.all(addresses.map(ssh))))
  }
  return [
    ratioRow('ten nodes, `uptime`, all outputs read; beside `ssh` one after the other', ours, loop, 0.5),
    ratioRow('the same beside ten `ssh` at once', ours, together, undefined),
  ]
}

async function hundredNodes(steward: Steward, hosts: SshHosts, ansible: string): Promise<Row> {
  const inventory = join(hosts.controlDirectory, '../inventory')
  const common = `ansible_port=${hosts.port} ansible_ssh_private_key_file=${hosts.identity} ansible_python_interpreter=python3`
  writeFileSync(inventory, hosts.addresses.map((address) => `${address} ${common}\n`).join(''))
  const env = {
    ...process.env,
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_HOST_KEY_CHECKING: 'False',
    ANSIBLE_SSH_CONTROL_PATH_DIR: hosts.controlDirectory,
  }
  const args = ['all', '-i', inventory, '-f', String(ANSIBLE_FORKS), '-m', 'ansible.builtin.command', '-a', 'uptime']
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ANSIBLE_ROUNDS; round++) {
    ours.push(await timed(() => runOnAll(steward.url, 100)))
    theirs.push(await timed(() => promisify(execFile)(ansible, args, { env })))
  }
  // The first round of ansible opens the connections that the others use, so it does not count.
  const what = 'a hundred nodes, `uptime`, all outputs read; beside `ansible` with pipelining and kept connections'
  return ratioRow(what, ours.slice(1), theirs.slice(1), 0.1)
}

async function runOnAll(url: string, count: number): Promise<void> {
  const { Command } = await call(url, 'SendCommand', {
    DocumentName: 'AWS-RunShellScript',
    Targets: [{ Key: `tag:${AGENTS_TAG.Key}`, Values: [AGENTS_TAG.Value] }],
    Parameters: { commands: ['uptime'] },
    MaxConcurrency: '100%',
  })
  const commandId = Command!.CommandId!
  const { Status, TargetCount } = await commandEnded(url, commandId, 5)
  if (Status !== 'Success' || TargetCount !== count) throw new Error(`The command ended ${Status} on ${TargetCount}.`)
  let token: string | undefined
  do {
    const page = { CommandId: commandId, Details: true, MaxResults: 50, NextToken: token }
    token = (await call(url, 'ListCommandInvocations', page)).NextToken
  } while (token)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function ratioRow(what: string, ours: readonly number[], theirs: readonly number[], target: number | undefined): Row {
  const ratio = median(ours) / median(theirs)
  return {
    what,
    steward: `${number(median(ours))} ms`,
    beside: `${number(median(theirs))} ms`,
    ratio: number(ratio, 3),
    target: target === undefined ? '' : `≤ ${target}`,
    met: target === undefined ? undefined : ratio <= target,
  }
}

function missing(what: string, tool: string): Row {
  return { what, steward: '', beside: `not measured: no \`${tool}\` here`, ratio: '', target: '', met: undefined }
}
