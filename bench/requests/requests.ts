/**
 * Signed requests per second at 64 connections, each second round of which goes to a bare server that checks the signature and
 * sends the very same answers from a Map. On two cores the load generator has one and the server the other.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, commandEnded } from '../api.ts'
import { Beside } from '../beside.ts'
import type { EnrolledFleet } from '../fleet/enrolled-fleet.ts'
import { SimulatorProcess } from '../fleet/simulator-process.ts'
import { cpuSeconds } from '../process-usage.ts'
import { type Measurement, median, number, type Row } from '../report.ts'
import { Steward } from '../steward.ts'
import { type Load, LoadProcess } from './load-process.ts'

const CONNECTIONS = 64
const ROUNDS = 5
const SECONDS = 2
const WITH_RESULTS = 50
const READ_TARGET = 0.6
const WRITE_TARGET = 0.35

interface Workload {
  readonly what: string
  readonly operation: 'GetCommandInvocation' | 'DescribeInstanceInformation' | 'SendCommand'
  readonly inputs: readonly object[]
  readonly target: number
}

export function requestsMeasurement(enrolled: () => Promise<EnrolledFleet>): Measurement {
  return {
    title: 'Signed requests per second, 64 connections',
    async run(say) {
      say('enrolling the fleet')
      const fleet = await enrolled()
      await using steward = await Steward.start({ data: fleet.data })
      await using load = new LoadProcess()
      say('preparing results to read')
      const commandId = await someResults(steward, fleet)
      const rows: Row[] = []
      for (const workload of await workloads(steward, fleet, commandId)) {
        say(workload.what)
        rows.push(await compare(steward, load, workload))
      }
      return rows
    },
  }
}

/** Runs a command on some simulated nodes. */
async function someResults(steward: Steward, fleet: EnrolledFleet): Promise<string> {
  await using simulator = new SimulatorProcess()
  await simulator.play(steward.url, fleet.file, WITH_RESULTS)
  await simulator.connect()
  const { Command } = await call(steward.url, 'SendCommand', {
    ...SCRIPT,
    Targets: [{ Key: 'InstanceIds', Values: fleet.nodes.slice(0, WITH_RESULTS).map(({ nodeId }) => nodeId) }],
    MaxConcurrency: '100%',
  })
  await commandEnded(steward.url, Command!.CommandId!, 50)
  return Command!.CommandId!
}

const SCRIPT = { DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['echo hello'] } }

async function workloads(steward: Steward, fleet: EnrolledFleet, commandId: string): Promise<Workload[]> {
  const ids = fleet.nodes.map(({ nodeId }) => nodeId)
  return [
    {
      what: 'GetCommandInvocation',
      operation: 'GetCommandInvocation',
      inputs: ids.slice(0, WITH_RESULTS).map((InstanceId) => ({ CommandId: commandId, InstanceId })),
      target: READ_TARGET,
    },
    {
      what: 'DescribeInstanceInformation over 10,000 nodes, first 50',
      operation: 'DescribeInstanceInformation',
      inputs: [{ MaxResults: 50 }],
      target: READ_TARGET,
    },
    {
      what: 'DescribeInstanceInformation over 10,000 nodes, any page of 50',
      operation: 'DescribeInstanceInformation',
      inputs: await pages(steward),
      target: READ_TARGET,
    },
    {
      what: 'SendCommand to one of 10,000 nodes, durable',
      operation: 'SendCommand',
      // Nodes that are not connected, so that only taking the command is measured, not running it.
      inputs: ids.slice(-1000).map((id) => ({ ...SCRIPT, InstanceIds: [id] })),
      target: WRITE_TARGET,
    },
  ]
}

async function pages(steward: Steward): Promise<object[]> {
  const inputs: object[] = []
  let token: string | undefined
  do {
    const input = { MaxResults: 50, NextToken: token }
    inputs.push(input)
    token = (await call(steward.url, 'DescribeInstanceInformation', input)).NextToken
  } while (token)
  return inputs
}

async function compare(steward: Steward, generator: LoadProcess, workload: Workload): Promise<Row> {
  await using bare = await Beside.start(
    new URL('bare-server.ts', import.meta.url),
    await recordAnswers(steward, workload),
  )
  const { operation } = workload
  const load = { operation, bodies: workload.inputs.map((input) => JSON.stringify(input)), connections: CONNECTIONS }
  const rounds = []
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await measure(generator, { ...load, url: steward.url, seconds: SECONDS }, steward.pid)
    const theirs = await measure(generator, { ...load, url: bare.url, seconds: SECONDS }, bare.pid)
    // The first is for warming up.
    if (round > 0) rounds.push({ ours, theirs })
  }
  return toRow(workload, rounds)
}

/** Asks Steward everything once; the bare server will answer the same. Returns the file. */
async function recordAnswers(steward: Steward, { operation, inputs }: Workload): Promise<string> {
  const lines: string[] = []
  for (const input of inputs) {
    const answer = await call(steward.url, operation, input as Parameters<typeof call<typeof operation>>[2])
    lines.push(JSON.stringify({ body: JSON.stringify(input), answer: JSON.stringify(answer) }))
  }
  const file = join(steward.data, 'bench-answers.jsonl')
  writeFileSync(file, lines.join('\n'))
  return file
}

interface Rate {
  readonly perSecond: number
  /** Requests for each second of processor time that the server used: steadier than the clock when others work too. */
  readonly perCpuSecond: number
}

async function measure(generator: LoadProcess, load: Load, pid: number): Promise<Rate> {
  const before = cpuSeconds(pid)
  const { perSecond, refused } = await generator.run(load)
  if (refused > 0) throw new Error(`${refused} calls of ${load.operation} were refused by ${load.url}.`)
  return { perSecond, perCpuSecond: (perSecond * load.seconds) / (cpuSeconds(pid) - before) }
}

function toRow({ what, target }: Workload, rounds: readonly { ours: Rate; theirs: Rate }[]): Row {
  const ratio = median(rounds.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond))
  const cpuRatio = median(rounds.map(({ ours, theirs }) => ours.perCpuSecond / theirs.perCpuSecond))
  return {
    what,
    steward: `${number(median(rounds.map(({ ours }) => ours.perSecond)))} /s`,
    beside: `${number(median(rounds.map(({ theirs }) => theirs.perSecond)))} /s`,
    ratio: `${number(ratio, 2)} (for each CPU-second ${number(cpuRatio, 2)})`,
    target: `≥ ${target}`,
    met: ratio >= target,
  }
}
