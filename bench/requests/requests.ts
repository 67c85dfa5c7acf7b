/** Requests about nodes and commands, beside a bare server that gives the very same answers (compare.ts). */
import { call, commandEnded } from '../api.ts'
import type { EnrolledFleet } from '../fleet/enrolled-fleet.ts'
import { SimulatorProcess } from '../fleet/simulator-process.ts'
import type { Measurement, Row } from '../report.ts'
import { Steward } from '../steward.ts'
import { compare, READ_TARGET, type Workload, WRITE_TARGET } from './compare.ts'
import { LoadProcess } from './load-process.ts'

const WITH_RESULTS = 50

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
