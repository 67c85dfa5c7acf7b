/**
 * 10,000 simulated nodes on one server: how fast they connect, what they cost while they do nothing, how fast one command reaches all of
 * them and is answered durably, and whether anything is lost when the server goes away in the middle of a command.
 * Beside it the same fleet on a stub that checks and stores nothing.
 */

import { execSync } from 'node:child_process'
import { call, commandEnded } from '../api.ts'
import { Beside } from '../beside.ts'
import { cpuSeconds, settledMemory } from '../process-usage.ts'
import { type Measurement, median, number, type Row } from '../report.ts'
import { Steward } from '../steward.ts'
import { type EnrolledFleet, FLEET_SIZE, FLEET_TAG } from './enrolled-fleet.ts'
import { SimulatorProcess } from './simulator-process.ts'

const IDLE_MS = 20_000
/** The collections of a measurement of memory throw compiled code away; the first commands bring it back. */
const WARMING_UP = 2
const COMMANDS = 5
const SAMPLES = 50
const THOUSANDS = FLEET_SIZE / 1000

interface Idle {
  readonly connectMs: number
  readonly mbPerThousand: number
  /** Share of one core. */
  readonly idleCpu: number
}

export function fleetMeasurement(enrolled: () => Promise<EnrolledFleet>): Measurement {
  return {
    title: `A fleet of ${number(FLEET_SIZE)} nodes on one server process`,
    async run(say) {
      checkFileLimit()
      say('enrolling the fleet')
      const fleet = await enrolled()
      const stub = await measureStub(fleet, say)
      return measureSteward(fleet, stub, say)
    },
  }
}

/** Every node is an open file of the server and one of the fleet. Node takes the hard limit for itself, not the soft one. */
function checkFileLimit(): void {
  const limit = execSync('ulimit -Hn', { encoding: 'utf8' }).trim()
  if (limit !== 'unlimited' && Number(limit) < FLEET_SIZE + 500) {
    throw new Error(`A process may open ${limit} files here (ulimit -Hn), too few for ${FLEET_SIZE} nodes.`)
  }
}

async function measureStub(fleet: EnrolledFleet, say: (line: string) => void): Promise<Idle & { perSecond: number }> {
  await using stub = await Beside.start(new URL('stub.ts', import.meta.url))
  await using simulator = new SimulatorProcess()
  await simulator.play(stub.url, fleet.file, FLEET_SIZE)
  say('the stub: idle for half a minute, connecting, idle again')
  const idle = await connectAndIdle(stub, simulator)
  say('commands by the stub')
  const perSecond = await medianRate(async () => {
    const ms = Number(await (await fetch(`${stub.url}/send`, { method: 'POST' })).text())
    return (FLEET_SIZE / ms) * 1000
  })
  return { ...idle, perSecond }
}

async function medianRate(command: () => Promise<number>): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < WARMING_UP + COMMANDS; round++) rates.push(await command())
  return median(rates.slice(WARMING_UP))
}

async function measureSteward(
  fleet: EnrolledFleet,
  stub: Idle & { perSecond: number },
  say: (line: string) => void,
): Promise<Row[]> {
  // A thread comes when there is work and goes when there is none; with its 60 MB nobody could say what the nodes take.
  await using steward = await Steward.start({ data: fleet.data, readingThreads: 0 })
  await using simulator = new SimulatorProcess()
  await simulator.play(steward.url, fleet.file, FLEET_SIZE)
  say('Steward: idle for half a minute, connecting, idle again')
  // With what nobody needs the collections throw away compiled code too, which a server has that nobody measures.
  const idle = await connectAndIdle(steward, simulator, async () => {
    await steward.stop()
    await steward.start()
    await sleep(IDLE_MS / 2)
  })
  say('commands by Steward')
  const perSecond = await medianRate(() => commandRate(steward, simulator, fleet))
  const storms: Row[] = []
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    say(`restarting the server with ${signal} while a command runs`)
    storms.push(await storm(steward, simulator, signal))
  }
  return [...idleRows(idle, stub), rateRow(perSecond, stub.perSecond), ...storms]
}

async function connectAndIdle(
  server: { readonly pid: number },
  simulator: SimulatorProcess,
  restart = async () => {},
): Promise<Idle> {
  // What its start left behind must not be taken for room that the nodes do not need.
  await sleep(IDLE_MS / 2)
  const before = await settledMemory(server.pid)
  await restart()
  const connectMs = await simulator.connect()
  await sleep(IDLE_MS / 2)
  const cpuBefore = cpuSeconds(server.pid)
  await sleep(IDLE_MS / 2)
  const idleCpu = (cpuSeconds(server.pid) - cpuBefore) / (IDLE_MS / 2000)
  return { connectMs, mbPerThousand: ((await settledMemory(server.pid)) - before) / THOUSANDS, idleCpu }
}

/** Invocations per second from the call of SendCommand to the command's end. Throws unless every count and result is exact. */
async function commandRate(steward: Steward, simulator: SimulatorProcess, fleet: EnrolledFleet): Promise<number> {
  const began = performance.now()
  const commandId = await sendToAll(steward, 'echo hello')
  await checkedEnd(steward, commandId)
  const ms = performance.now() - began
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { nodeId } = fleet.nodes[Math.floor(Math.random() * FLEET_SIZE)]!
    const result = await call(steward.url, 'GetCommandInvocation', { CommandId: commandId, InstanceId: nodeId })
    if (result.Status !== 'Success' || result.StandardOutputContent !== 'hello\n') {
      throw new Error(`The result of ${nodeId} is not right: ${JSON.stringify(result)}`)
    }
  }
  await simulator.until(({ repliesUnacknowledged }) => repliesUnacknowledged === 0)
  return (FLEET_SIZE / ms) * 1000
}

/** A restart in the middle of a command, which must end as if nothing had happened. */
async function storm(steward: Steward, simulator: SimulatorProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<Row> {
  await simulator.prepare()
  const { commands: before } = await simulator.counts()
  const commandId = await sendToAll(steward, 'sleep 4; echo done')
  await simulator.until(({ commands }) => commands === before + FLEET_SIZE)
  await steward.stop(signal)
  await simulator.until(({ connected }) => connected === 0)
  await steward.start()
  const began = performance.now()
  await simulator.whenConnected()
  const seconds = (performance.now() - began) / 1000
  await checkedEnd(steward, commandId)
  await simulator.until(({ repliesUnacknowledged }) => repliesUnacknowledged === 0)
  const { commands } = await simulator.counts()
  if (commands !== before + FLEET_SIZE) throw new Error(`${commands - before} nodes ran the command.`)
  return {
    what: `all back after ${signal} in the middle of a command; nothing lost, nothing run twice`,
    steward: `${number(seconds, 1)} s`,
    beside: '2.5 s of it is jitter',
    ratio: '',
    target: 'no loss',
    met: true,
  }
}

async function sendToAll(steward: Steward, line: string): Promise<string> {
  const { Command } = await call(steward.url, 'SendCommand', {
    DocumentName: 'AWS-RunShellScript',
    Targets: [{ Key: `tag:${FLEET_TAG.Key}`, Values: [FLEET_TAG.Value] }],
    Parameters: { commands: [line] },
    MaxConcurrency: '100%',
  })
  return Command!.CommandId!
}

async function checkedEnd(steward: Steward, commandId: string): Promise<void> {
  const { Status, TargetCount, CompletedCount, ErrorCount } = await commandEnded(steward.url, commandId, 50)
  const counts = [Status, TargetCount, CompletedCount, ErrorCount].join(' ')
  const expected = ['Success', FLEET_SIZE, FLEET_SIZE, 0].join(' ')
  if (counts !== expected) throw new Error(`The command ended as ${counts}, not as ${expected}.`)
}

function idleRows(steward: Idle, stub: Idle): Row[] {
  const compare = (
    what: string,
    of: (idle: Idle) => number,
    digits: number,
    unit: string,
    limit: number | undefined,
  ): Row => ({
    what,
    steward: `${number(of(steward), digits)} ${unit}`,
    beside: `${number(of(stub), digits)} ${unit}`,
    ratio: number(of(steward) / of(stub), 2),
    target: limit === undefined ? '' : `≤ ${limit} ${unit}`,
    met: limit === undefined ? undefined : of(steward) <= limit,
  })
  return [
    compare('all connected after', ({ connectMs }) => connectMs / 1000, 1, 's', 10),
    compare('memory of the server per 1,000 idle nodes', ({ mbPerThousand }) => mbPerThousand, 1, 'MB', 25),
    compare('processor while idle (pings)', ({ idleCpu }) => idleCpu * 100, 1, '% of a core', undefined),
  ]
}

function rateRow(steward: number, stub: number): Row {
  return {
    what: 'one command to all, 100 % at once: invocations per second, durable, counts exact',
    steward: number(steward),
    beside: number(stub),
    ratio: number(steward / stub, 2),
    target: '≥ 2,000',
    met: steward >= 2000,
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
